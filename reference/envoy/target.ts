/** The path of a request target, and the authority of an absolute one, which counts before the `Host` header. */
export function splitTarget(target: string): { authority?: string; path: string } {
  const absolute = /^https?:\/\/([^/?#]+)(.*)$/is.exec(target);
  if (absolute === null) return { path: target };
  const [, authority = '', rest = ''] = absolute;
  return { authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}
