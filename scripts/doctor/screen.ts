import { plain } from '../../reports/render/plain.ts';
import type { Finding, Looked } from '../targets/checks/check.ts';

/** What belongs together on the screen. */
export interface Group {
  title: string;
  looked: Looked[];
}

export interface ScreenOptions {
  /** The command to run next. */
  next: string;
  /** Columns of the terminal. */
  width: number;
  paint: (colour: 'red' | 'green' | 'yellow' | 'bold', text: string) => string;
}

const marks = { fit: '✓', unfit: '✗', note: '!', untold: '?' } as const satisfies Record<
  Finding['verdict'],
  string
>;
const colours = { fit: 'green', unfit: 'red', note: 'yellow', untold: 'yellow' } as const;

/** Longer lines are hard to read, shorter ones hold no word. */
const [narrowest, widest] = [40, 110];

/** How many things are missing. */
export function missingIn(groups: readonly Group[]): number {
  return groups.flatMap(({ looked }) => looked).filter(({ verdict }) => verdict === 'unfit').length;
}

/**
 * The screen: a line for each look, with what to do below it, and as the last line whether anything is missing and the
 * command to run next. Every line says the same without colours.
 */
export function renderScreen(groups: readonly Group[], { next, width, paint }: ScreenOptions): string {
  const columns = Math.min(Math.max(width, narrowest), widest);
  const block = (text: string, indent: number) =>
    wrapped(plain(text), columns - indent).map((line, row) =>
      row === 0 ? line : `${' '.repeat(indent)}${line}`,
    );
  const lines = groups.flatMap(({ title, looked }) => [
    ...block(title, 2).map((line) => paint('bold', line)),
    ...looked.flatMap(({ verdict, found, todo }) => [
      `  ${paint(colours[verdict], marks[verdict])} ${block(found, 4).join('\n')}`,
      ...(todo === undefined ? [] : [`    → ${block(todo, 6).join('\n')}`]),
    ]),
    '',
  ]);
  const missing = missingIn(groups);
  const last =
    missing === 0
      ? `${paint('green', 'fit')}, next: ${next}`
      : `${paint('red', missing === 1 ? '1 thing is missing' : `${missing} things are missing`)}; see to what is marked ${marks.unfit}, then: ${next}`;
  return `${[...lines, last].join('\n')}\n`;
}

/** Lines of whole words, at most so many columns wide; a longer word, such as an address, has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
