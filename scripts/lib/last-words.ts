const mostLines = 5;

/** The last lines that say something, after a colon; from the error on, where one is called that. */
export function lastOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return '.';
  const error = lines.findIndex((line) => /^error\b/i.test(line));
  const told = lines.slice(Math.max(error, 0));
  const head = error === -1 || told.length <= mostLines ? [] : [told[0]];
  return `: ${[...head, ...told.slice(head.length - mostLines)].join('\n').trim()}`;
}
