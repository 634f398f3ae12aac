import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Answer, methodNotAllowed, notFound, plain, redirect } from './answer.ts';
import { Carts } from './carts.ts';
import { cleanPath, decodePath, encodePath } from './clean-path.ts';
import { cookieNames, readCookies, setCookie } from './cookies.ts';
import { defaultCurrency, isCurrency } from './currencies.ts';
import { routes } from './routes.ts';

/** More than any form of the shop has. */
const maxFormBytes = 64 * 1024;

/**
 * The front end of the shop.
 *
 * @param log told of each request and its status.
 * @returns what serves one connection to its end, by HTTP/1.1.
 */
export function frontEnd(log: (line: string) => void): (connection: Duplex) => void {
  const carts = new Carts();
  const server = createServer((request, response) => {
    void answer(request, carts).then((result) => {
      log(`${request.method} ${request.url} ${result.status}`);
      send(response, result);
    });
  });
  // Go's server keeps idle connections for ever, and a gateway's are what policies are seen to cut.
  server.keepAliveTimeout = 0;
  return (connection) => {
    connection.on('error', () => {});
    server.emit('connection', connection);
  };
}

async function answer(request: IncomingMessage, carts: Carts): Promise<Answer> {
  const form = new URLSearchParams(await readForm(request));
  const cookies = readCookies(request.headers.cookie);
  const known = cookies.get(cookieNames.session);
  const session = known ?? randomUUID();
  const currency = cookies.get(cookieNames.currency);
  const result = route(request, {
    session,
    currency: isCurrency(currency) ? currency : defaultCurrency,
    cookies: [...cookies.keys()],
    form,
    referer: request.headers.referer,
    carts,
  });
  if (known !== undefined) return result;
  const set = [setCookie(cookieNames.session, session), ...[result.headers['set-cookie'] ?? []].flat()];
  return { ...result, headers: { ...result.headers, 'set-cookie': set } };
}

type Visit = Omit<Parameters<(typeof routes)[number]['answer']>[0], 'method' | 'path' | 'parameter'>;

/** Routes as Go's gorilla/mux does: redirects to the clean path first, and tells a wrong method from a wrong path. */
function route({ method = '', url = '' }: IncomingMessage, visit: Visit): Answer {
  const [target = '', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  const path = decodePath(target);
  if (path === undefined) return plain(400, '400 Bad Request');
  const clean = cleanPath(path);
  if (clean !== path) return redirect(301, [encodePath(clean), ...query].join('?'));

  const matching = routes.filter((one) => one.path.test(path));
  const right = matching.find(({ methods }) => methods === undefined || methods.includes(method));
  if (right === undefined) return matching.length === 0 ? notFound : methodNotAllowed;
  return right.answer({ ...visit, method, path, parameter: right.path.exec(path)?.[1] ?? '' });
}

/** The body of a form; the rest of one that is too long, or cut off, is left out. */
async function readForm(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= maxFormBytes) chunks.push(chunk);
    }
  } catch {
    // The client is gone, and so is whoever would read the answer.
  }
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm ? Buffer.concat(chunks).toString() : '';
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
