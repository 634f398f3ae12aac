/**
 * The path that Go's routers redirect to: without empty, `.` and `..` segments, beginning with a slash, and ending in
 * one if it did (Go `net/http` `cleanPath`, gorilla/mux `mux.go`).
 */
export function cleanPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const clean = `/${segments.join('/')}`;
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

/** Undoes percent-encoding once, byte by byte; undefined when an escape is broken. */
export function decodePath(path: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  return path.replace(/%(..)/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The opposite of `decodePath`, for a `Location`. */
export function encodePath(path: string): string {
  return path.replace(/[^\w/$&+,:;=@.~!*'()-]/g, (character) => {
    const hex = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${hex.padStart(2, '0')}`;
  });
}
