import { stripVTControlCharacters } from 'node:util';

/** What came from elsewhere, for the terminal: one line, and nothing that steers it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '');
}
