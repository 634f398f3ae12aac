/**
 * A path without its query as Envoy's `normalize_path` writes it: dot segments resolved, backslashes turned into
 * slashes, escapes of unreserved characters decoded, characters that do not belong in a path escaped. Repeated and
 * escaped slashes stay. One character of the text is one byte.
 *
 * Source: envoy `source/common/http/path_utility.cc`, which uses Chromium's `url::CanonicalizePath`; measured
 * (`observed/no-policy.paths.md`).
 *
 * @returns undefined when it cannot be a path: an escaped NUL, or bytes that are no UTF-8.
 */
export function canonicalPath(path: string): string | undefined {
  let written = '';
  for (let at = 0; at < path.length; ) {
    const dots = dotAt(path, at);
    if (dots > 0) {
      const segment = written.endsWith('/') ? dotSegmentAt(path, at) : undefined;
      if (segment === undefined) written += '.';
      else if (segment.up) written = withoutLastSegment(written);
      at += segment?.length ?? dots;
      continue;
    }
    const piece = pieceAt(path, at);
    if (piece === undefined) return undefined;
    written += piece.text;
    at += piece.length;
  }
  return isUtf8(path) ? written : undefined;
}

/** How many characters write a dot here; 0 when there is none. */
function dotAt(path: string, at: number): number {
  if (path[at] === '.') return 1;
  return /^%2e$/i.test(path.slice(at, at + 3)) ? 3 : 0;
}

/**
 * The dot segment that begins here, through the slash that ends it. Since a fix of August 2026 its path parameters
 * belong to it (envoy, CVE-2026-73511, runtime flag `strip_path_parameters_per_segment`; measured: `/static/..;/cart`
 * reaches the application as `/cart`).
 */
function dotSegmentAt(path: string, start: number): { length: number; up: boolean } | undefined {
  let at = start + dotAt(path, start);
  const second = dotAt(path, at);
  at += second;
  if (path[at] === ';') while (at < path.length && !isSlash(path[at])) at += 1;
  if (at < path.length && !isSlash(path[at])) return undefined;
  return { length: Math.min(at + 1, path.length) - start, up: second > 0 };
}

function isSlash(character: string | undefined): boolean {
  return character === '/' || character === '\\';
}

/** `/a/b/` without `b/`; the root stays as it is. */
function withoutLastSegment(written: string): string {
  return written.slice(0, Math.max(written.lastIndexOf('/', written.length - 2), 0) + 1);
}

/** One character as it is written, and how many it is read from; undefined for an escaped NUL. */
function pieceAt(path: string, at: number): { text: string; length: number } | undefined {
  const character = path[at]!;
  if (character === '\\') return { text: '/', length: 1 };
  if (character === '%') {
    const hex = /^%([0-9a-f]{2})$/i.exec(path.slice(at, at + 3))?.[1];
    if (hex === undefined) return { text: '%', length: 1 };
    const code = Number.parseInt(hex, 16);
    if (code === 0) return undefined;
    const decoded = String.fromCharCode(code);
    return { text: /[-\w~]/.test(decoded) ? decoded : `%${hex}`, length: 3 };
  }
  if (character === '\0') return undefined;
  const belongs = /[!$&'()*+,\-./0-9:;=@A-Z[\]_a-z~]/.test(character);
  return { text: belongs ? character : escaped(character), length: 1 };
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function isUtf8(text: string): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
    return true;
  } catch {
    return false;
  }
}
