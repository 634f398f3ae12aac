import { constants, type Http2Stream } from 'node:http2';
import { type Headers, pairUp } from '../../fixtures/agent/http-message.ts';
import type { LocalAnswer } from '../rules/envoy.ts';
import type { Request } from './message.ts';
import { maxBodyBytes, payloadTooLarge, type Read } from './request-reader.ts';

/** What a stream carried after its headers. */
export interface Body {
  body: Buffer;
  tooLarge: boolean;
  trailers?: Headers;
}

/** What speaks of one connection only has no place in HTTP/2 (RFC 9113, section 8.2.2). */
const ofConnections = [
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
];

/** Header lines as a flat list of names and values, without those that only HTTP/1.1 has. */
export function toFields(headers: Headers): string[] {
  return Object.entries(headers)
    .filter(([name]) => !ofConnections.includes(name))
    .flatMap(([name, values]) => values.flatMap((value) => [name, value]));
}

/** A request from its header lines, pseudo headers included, and what came after them. */
export function toRequest(raw: readonly string[], { body, tooLarge, trailers }: Body): Read {
  const {
    ':method': [method = ''] = [],
    ':path': [target = ''] = [],
    ':authority': [authority] = [],
    ':scheme': _,
    ...headers
  } = pairUp(raw);
  // Crumbs of a cookie are one line elsewhere (RFC 9113, section 8.2.3).
  if (headers.cookie !== undefined) headers.cookie = [headers.cookie.join('; ')];
  const request: Request = {
    version: 'HTTP/2',
    method,
    target,
    authority: authority ?? headers.host?.[0],
    path: target,
    headers,
    body,
    form: body.length === 0 ? 'none' : headers['content-length'] === undefined ? 'chunked' : 'length',
    ...(trailers && { trailers }),
  };
  const refusal = tooLarge ? payloadTooLarge : refusalOf(request);
  return refusal === undefined ? { request } : { request, refusal };
}

/** What the connection manager refuses of HTTP/2 (envoy `source/common/http/conn_manager_impl.cc`). */
function refusalOf({ method, target, authority }: Request): LocalAnswer | undefined {
  const refusal = (status: number, details: string) => ({ status, body: '', details, flags: [] });
  if (method === 'CONNECT') return refusal(403, 'upgrade_failed');
  if (authority === undefined) return refusal(400, 'missing_host_header');
  return target.startsWith('/') ? undefined : refusal(404, 'absolute_path_rejected');
}

/** Gathers what a stream carries after its headers; gives back what tells of it once the stream has ended. */
export function gather(stream: Http2Stream): () => Body {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let trailers: Headers | undefined;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  });
  stream.on('trailers', (_headers, _flags, raw?: string[]) => {
    trailers = pairUp(raw ?? []);
  });
  return () => {
    const body = Buffer.concat(chunks);
    return { body, tooLarge: bytes > maxBodyBytes, ...(trailers && { trailers }) };
  };
}

/** What one stream's code says of how it ended: that it ended well, or is still open. */
export function isWell({ rstCode }: Http2Stream): boolean {
  return (rstCode ?? constants.NGHTTP2_NO_ERROR) === constants.NGHTTP2_NO_ERROR;
}
