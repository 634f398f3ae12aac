/**
 * A request's or a rule's path in the form that paths are compared in: without query and fragment, decoded once,
 * with `\` as `/`, without parameters (`;x`), empty segments, `.` and `..`, and without a slash at the end. Its
 * characters stand for bytes, since what is decoded need not be text.
 *
 * @returns undefined for a path that must match nothing: it does not begin with a slash, its encoding is broken,
 *   it holds a NUL, or it would still hide a dot, slash or backslash from a server that decodes it again.
 * @see alp.md 1.3, of calico `app-policy/checker/match.go` from 3.32 on.
 */
export function normalisedPath(raw: string): string | undefined {
  const path = Buffer.from(withoutQuery(raw), 'utf8').toString('latin1');
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  const decoded = path.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (decoded.includes('\0') || /%(2e|2f|5c)/i.test(decoded)) return undefined;
  const slashed = decoded.replaceAll('\\', '/');
  if (!slashed.startsWith('/')) return undefined;
  const segments: string[] = [];
  for (const part of slashed.split('/')) {
    const [segment = ''] = part.split(';', 1);
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

export function withoutQuery(path: string): string {
  return path.split(/[?#]/, 1)[0]!;
}
