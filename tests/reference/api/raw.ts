import type { IncomingHttpHeaders } from 'node:http';
import { request as send } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiServer } from '../../../reference/api/server.ts';

export interface RawAnswer {
  status: number;
  contentType: string;
  headers: IncomingHttpHeaders;
  text: string;
  json: <T = Record<string, unknown>>() => T;
}

/** One request as it is given, with the client's certificate unless `anonymous`. */
export async function raw(
  { url, ca, clientCertificate, clientKey }: ApiServer,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    anonymous = false,
  }: { method?: string; headers?: Record<string, string>; body?: string; anonymous?: boolean } = {},
): Promise<RawAnswer> {
  const identity = anonymous ? {} : { cert: clientCertificate, key: clientKey };
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const request = send(url + path, { method, headers, ca, ...identity, agent: false }, resolve);
    request.once('error', reject);
    request.end(body);
  });
  const content = await text(response);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    headers: response.headers,
    text: content,
    json: <T>() => JSON.parse(content) as T,
  };
}
