import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { known, type User } from '../authorization/user.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiRequest } from './request.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

/** As much as a request's body may have, as on real servers. */
const largestBody = 3 * 1024 * 1024;

/**
 * Reads a request to its end.
 *
 * @throws StatusError 401 for a client that is not known, 413 for a body that is too large.
 */
export async function readRequest(
  message: IncomingMessage,
  tokens: ServiceAccountTokens,
): Promise<ApiRequest> {
  const request = headOf(message, tokens);
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
export function headOf(message: IncomingMessage, tokens: ServiceAccountTokens): ApiRequest {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'https://127.0.0.1');
  return {
    method: message.method ?? '',
    pathname,
    query: searchParams,
    headers: message.headers,
    user: userOf(message, tokens),
    body: Buffer.alloc(0),
  };
}

/** By the client's certificate, its common name and organisations; else by the token of a service account. */
function userOf({ socket, headers }: IncomingMessage, tokens: ServiceAccountTokens): User {
  const connection = socket as TLSSocket;
  const { subject } = connection.getPeerCertificate();
  if (connection.authorized && subject !== undefined)
    return known(String(subject.CN), [subject.O ?? []].flat());
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const user = token === undefined ? undefined : tokens.userOf(token);
  if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

function tooLarge(): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largestBody}`);
}
