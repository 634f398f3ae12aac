import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One answer of the recorded path tables. */
export interface PathRow {
  method: string;
  /** As it stood in the request line. */
  target: string;
  status: number;
  /** Of a proxy itself, whichever spoke first. */
  own: boolean;
  page: 'home' | 'cart' | undefined;
  location: string | undefined;
  bytes: number;
}

const recorded = join(import.meta.dirname, '..', 'recorded');

/** A table in Markdown: a row for each target and a column for each method. */
export function readPathTable(file: string): PathRow[] {
  const [methods = [], ...rows] = linesOf(file)
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return rows.flatMap(([target = '', ...cells]) =>
    cells
      .map((cell, index) => ({ cell, method: methods[index + 1] ?? '' }))
      .filter(({ cell }) => cell !== '')
      .map(({ cell, method }) => ({ method, target: target.slice(1, -1), ...answerOf(cell) })),
  );
}

/** A list of targets with the answers to GET; lines that begin otherwise are about something else. */
export function readPathList(file: string): PathRow[] {
  return linesOf(file).flatMap((line) => {
    const parts = /^(\/\S*|\*|http:\S+) +(\d{3}\S* \d+B)$/.exec(line);
    return parts === null ? [] : [{ method: 'GET', target: parts[1]!, ...answerOf(parts[2]!) }];
  });
}

/** Reads `200[home] 10298B`, `301>/ 0B` or `400(gw) 11B`. */
function answerOf(cell: string): Omit<PathRow, 'method' | 'target'> {
  const parts = /^(\d{3})(?:\[(home|cart)\])?(\(gw\))?(?:>(\S+))? (\d+)B$/.exec(cell);
  if (parts === null) throw new Error(`This is no answer: ${cell}`);
  const [, status, page, own, location, bytes] = parts;
  return {
    status: Number(status),
    page: page as PathRow['page'],
    own: own !== undefined,
    location,
    bytes: Number(bytes),
  };
}

function linesOf(file: string): string[] {
  return readFileSync(join(recorded, file), 'utf8').split('\n');
}
