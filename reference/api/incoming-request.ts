import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { StatusError } from '../store/status-error.ts';
import type { ApiRequest, User } from './request.ts';

/** As much as a request's body may have, as on real servers. */
const largestBody = 3 * 1024 * 1024;

/**
 * Reads a request to its end.
 *
 * @throws StatusError 401 for a client that is not known, 413 for a body that is too large.
 */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const request = headOf(message);
  if (Number(message.headers['content-length'] ?? 0) > largestBody) throw tooLarge();
  const body = await buffer(message);
  if (body.length > largestBody) throw tooLarge();
  return { ...request, body };
}

/**
 * A request without its body.
 *
 * @throws StatusError 401
 */
export function headOf(message: IncomingMessage): ApiRequest {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'https://127.0.0.1');
  return {
    method: message.method ?? '',
    pathname,
    query: searchParams,
    headers: message.headers,
    user: userOf(message.socket as TLSSocket),
    body: Buffer.alloc(0),
  };
}

/** Common name and organisations of the client's certificate. */
function userOf(socket: TLSSocket): User {
  const { subject } = socket.getPeerCertificate();
  if (!socket.authorized || subject === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return { name: String(subject.CN), groups: [subject.O ?? []].flat() };
}

function tooLarge(): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largestBody}`);
}
