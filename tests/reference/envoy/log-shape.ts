/** The fields of an access log line by kind, so that lines of different clusters can be compared. */
export function shapeOf(line: string | undefined): string {
  return (line ?? 'no line')
    .replace(/^\[[^\]]*\]/, '[time]')
    .replaceAll(/"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, '"id"')
    .replaceAll(/alp-conformance\/[\w-]+/g, 'agent')
    .replaceAll(/\b\d{1,3}(\.\d{1,3}){3}:0\b/g, 'address:0')
    .replaceAll(/\b127\.0\.0\.6:\d+/g, 'sidecar:port')
    .replaceAll(/\b\d{1,3}(\.\d{1,3}){3}:\d+/g, 'address:port')
    .replaceAll(/\b\d{1,3}(\.\d{1,3}){3}\b/g, 'address')
    .replaceAll(/[\w-]+\.[\w-]+\.svc\.cluster\.local/g, 'service')
    .replace(/(" \d{1,3} \S+ \S+ - "[^"]*") \d+ \d+ \d+ (\d+|-)/, (_, before, upstream) =>
      [before, 'bytes', 'bytes', 'ms', upstream === '-' ? '-' : 'ms'].join(' '),
    );
}
