import type { LocalAnswer } from '../rules/envoy.ts';
import type { Exchange } from './exchange.ts';
import type { Response } from './message.ts';

/** Makes an answer of Envoy's own, and takes down why. */
export function localReply({ status, body, details, flags }: LocalAnswer, { entry }: Exchange): Response {
  Object.assign(entry, { details, flags });
  const bytes = Buffer.from(body, 'latin1');
  const headers: Response['headers'] =
    body === '' ? {} : { 'content-length': [String(bytes.length)], 'content-type': ['text/plain'] };
  return { status, headers, body: bytes, form: 'length' };
}
