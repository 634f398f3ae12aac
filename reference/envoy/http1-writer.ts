import { STATUS_CODES } from 'node:http';
import type { Headers } from '../../fixtures/agent/http-message.ts';
import type { Request, Response } from './message.ts';

/** The bytes of a request to an upstream. Its headers are written as they are, `host` first. */
export function composeRequest(
  request: Pick<Request, 'method' | 'path' | 'body' | 'form'>,
  headers: Headers,
): Buffer {
  const { method, path, body, form } = request;
  const { host, ...rest } = headers;
  const framing: Headers = form === 'chunked' ? { 'transfer-encoding': ['chunked'] } : {};
  const head = lines(`${method} ${path} HTTP/1.1`, { ...(host && { host }), ...rest, ...framing });
  return Buffer.concat([head, form === 'chunked' ? chunked(body) : body]);
}

/**
 * The bytes of a response, with the framing that Envoy's codec chooses (envoy `source/common/http/http1/
 * codec_impl.cc`, `encodeHeadersBase`): an answer to HEAD without a length is announced as chunked.
 */
export function composeResponse({ status, headers, body, form }: Response, method: string): Buffer {
  const start = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`;
  if (status < 200 || status === 204 || status === 304) return lines(start, headers);
  const { 'content-length': length, ...rest } = headers;
  if (method === 'HEAD') {
    return lines(start, length === undefined ? { ...rest, 'transfer-encoding': ['chunked'] } : headers);
  }
  if (form === 'chunked') {
    return Buffer.concat([lines(start, { ...rest, 'transfer-encoding': ['chunked'] }), chunked(body)]);
  }
  return Buffer.concat([lines(start, { ...headers, 'content-length': [String(body.length)] }), body]);
}

function lines(start: string, headers: Headers): Buffer {
  const fields = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}`),
  );
  return Buffer.from([start, ...fields, '', ''].join('\r\n'), 'latin1');
}

function chunked(body: Buffer): Buffer {
  const end = Buffer.from('0\r\n\r\n');
  if (body.length === 0) return end;
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n'), end]);
}
