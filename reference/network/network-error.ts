/** An error as Node states those of system calls, so that clients tell it by `code` and `syscall`. */
export function networkError(
  syscall: 'connect' | 'read' | 'write' | 'listen' | 'getaddrinfo',
  code: 'ECONNREFUSED' | 'ECONNRESET' | 'EPIPE' | 'EADDRINUSE' | 'ENOTFOUND' | 'ENETUNREACH' | 'ECANCELED',
  where?: { address: string; port: number } | { hostname: string },
): NodeJS.ErrnoException {
  const place = where === undefined ? '' : ` ${'hostname' in where ? where.hostname : endpoint(where)}`;
  return Object.assign(new Error(`${syscall} ${code}${place}`), { code, syscall, ...where });
}

function endpoint({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}
