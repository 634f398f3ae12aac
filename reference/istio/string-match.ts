import type { RoutedRequest } from './route.ts';
import type { HttpMatch, StringMatch } from './virtual-service.ts';

/** Whether everything that a match says holds for a request; a match that says nothing holds for all. */
export function matchesAll(match: HttpMatch, { authority, method, path, headers }: RoutedRequest): boolean {
  const { uri, ignoreUriCase = false, headers: wanted = {}, withoutHeaders: unwanted = {} } = match;
  const plain = path.split('?', 1)[0] ?? '';
  return (
    matchesString(uri, plain, ignoreUriCase) &&
    matchesString(match.method, method) &&
    matchesString(match.authority, authority) &&
    Object.entries(wanted).every(([name, value]) => hasHeader(headers, name, value)) &&
    !Object.entries(unwanted).some(([name, value]) => hasHeader(headers, name, value))
  );
}

/** Whether a value is as a match says; every value is as an absent or empty match says. */
export function matchesString(match: StringMatch | undefined, value: string, ignoreCase = false): boolean {
  const { exact, prefix, regex } = match ?? {};
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  if (exact !== undefined) return fold(value) === fold(exact);
  if (prefix !== undefined) return fold(value).startsWith(fold(prefix));
  return regex === undefined || new RegExp(`^(?:${regex})$`, 's').test(value);
}

/** Several values of a header are one value with commas, as Envoy joins them. */
function hasHeader(headers: RoutedRequest['headers'], name: string, match: StringMatch): boolean {
  const values = headers[name.toLowerCase()];
  return values !== undefined && matchesString(match, values.join(','));
}
