/** What the front end answers; the session's cookie is added to every one. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export function html(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

export function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function redirect(status: 301 | 302, location: string, cookies: string[] = []): Answer {
  const headers = { location, ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) };
  return { status, headers, body: '' };
}

/** What Go's routers say of a path they do not know. */
export const notFound: Answer = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
};

export const methodNotAllowed: Answer = { status: 405, headers: {}, body: '' };
