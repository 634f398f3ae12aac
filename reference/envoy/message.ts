import type { Duplex } from 'node:stream';
import type { Headers } from '../../fixtures/agent/http-message.ts';

/** How a body goes on the wire. */
export type BodyForm = 'none' | 'length' | 'chunked';

/** A request that was read whole. */
export interface Request {
  method: string;
  /** As it stood in the request line. */
  target: string;
  /** From the `Host` header, or from an absolute target; undefined when neither says one. */
  authority: string | undefined;
  /** The target's path and query; once normalised, what routes, filters and upstreams see. */
  path: string;
  headers: Headers;
  body: Buffer;
  form: BodyForm;
}

/** A response on its way to the client. */
export interface Response {
  status: number;
  headers: Headers;
  body: Buffer;
  form: BodyForm;
  /** What follows a 101: the upstream's side of the connection. */
  upgraded?: Duplex;
}

/** Header lines that speak of one connection only (RFC 9110, section 7.6.1), as far as Envoy drops them. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding'];

/** Headers without those of the hop that they came by. An upgrade is kept where there is one. */
export function withoutHop(headers: Headers, upgrade: boolean): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.includes(name) && (upgrade || name !== 'upgrade')),
  );
}

/** Whether a request asks to leave HTTP for something else, as WebSocket does. */
export function asksUpgrade({ headers }: Pick<Request, 'headers'>): boolean {
  return (
    headers.upgrade !== undefined &&
    (headers.connection ?? []).some((value) => /(^|,)\s*upgrade\s*(,|$)/i.test(value))
  );
}
