import type { EnvoyRules, LocalAnswer } from '../rules/envoy.ts';
import type { Exchange } from './exchange.ts';
import type { Response } from './message.ts';

/**
 * Makes an answer of Envoy's own, and takes down why. To a request of gRPC it is one of gRPC too: headers that say it
 * all, with no body (envoy `source/common/http/utility.cc`, `encodeLocalReply`).
 */
export function localReply(
  { status, body, details, flags }: LocalAnswer,
  exchange: Exchange,
  rules: Pick<EnvoyRules, 'grpcStatus'>,
): Response {
  Object.assign(exchange.entry, { details, flags });
  if (exchange.grpc) return trailersOnly(rules.grpcStatus(status), body);
  const bytes = Buffer.from(body, 'latin1');
  const headers: Response['headers'] =
    body === '' ? {} : { 'content-length': [String(bytes.length)], 'content-type': ['text/plain'] };
  return { status, headers, body: bytes, form: 'length' };
}

function trailersOnly(grpcStatus: number, message: string): Response {
  return {
    status: 200,
    headers: {
      'content-type': ['application/grpc'],
      'grpc-status': [String(grpcStatus)],
      ...(message !== '' && { 'grpc-message': [percentEncoded(message)] }),
    },
    body: Buffer.alloc(0),
    form: 'none',
  };
}

/** As gRPC over HTTP/2 has it for `grpc-message`: whatever is no visible ASCII or space, and the percent sign. */
function percentEncoded(text: string): string {
  return text.replaceAll(/[^ -$&-~]/g, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
