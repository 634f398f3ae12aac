import type { Duplex } from 'node:stream';
import type { Headers } from '../../fixtures/agent/http-message.ts';

/** A version of HTTP, as the access log writes it. */
export type HttpVersion = 'HTTP/1.1' | 'HTTP/2';

/** How a body goes on the wire of HTTP/1.1. */
export type BodyForm = 'none' | 'length' | 'chunked';

/** A request that was read whole. */
export interface Request {
  /** That it came by. */
  version: HttpVersion;
  method: string;
  /** As it stood in the request line, or in `:path`. */
  target: string;
  /** From the `Host` header, `:authority` or an absolute target; undefined when none says one. */
  authority: string | undefined;
  /** The target's path and query; once normalised, what routes, filters and upstreams see. */
  path: string;
  headers: Headers;
  body: Buffer;
  form: BodyForm;
  /** What followed the body under HTTP/2. */
  trailers?: Headers;
}

/** A response on its way to the client. */
export interface Response {
  status: number;
  headers: Headers;
  body: Buffer;
  form: BodyForm;
  /** What followed the body under HTTP/2; a client of HTTP/1.1 does not get it (envoy, `enable_trailers`). */
  trailers?: Headers;
  /** What follows a 101: the upstream's side of the connection. */
  upgraded?: Duplex;
}

/** Header lines that speak of one connection only (RFC 9110, section 7.6.1), as far as Envoy drops them. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding'];

/**
 * Headers without those of the hop that they came by. An upgrade is kept where there is one, and of `te` that the
 * client takes trailers (envoy `source/common/http/conn_manager_utility.cc`, `sanitizeTEHeader`).
 */
export function withoutHop(headers: Headers, upgrade: boolean): Headers {
  const kept = Object.entries(headers).filter(
    ([name]) => !hopByHop.includes(name) && (upgrade || name !== 'upgrade'),
  );
  const trailers = headers.te?.some((value) => /(^|,)\s*trailers\s*(,|$)/i.test(value));
  return { ...Object.fromEntries(kept), ...(trailers && { te: ['trailers'] }) };
}

/** Whether a request asks to leave HTTP for something else, as WebSocket does. */
export function asksUpgrade({ headers }: Pick<Request, 'headers'>): boolean {
  return (
    headers.upgrade !== undefined &&
    (headers.connection ?? []).some((value) => /(^|,)\s*upgrade\s*(,|$)/i.test(value))
  );
}

/** Whether a request is one of gRPC, whose own answers have another form (envoy `source/common/grpc/common.cc`). */
export function isGrpc({ headers }: Pick<Request, 'headers'>): boolean {
  return /^application\/grpc(\+|$)/.test(headers['content-type']?.[0] ?? '');
}
