import { Failure } from '../../fixtures/agent/failure.ts';
import {
  framingOf,
  type Headers,
  maxLineBytes,
  readBody,
  readHeaders,
} from '../../fixtures/agent/http-message.ts';
import type { Incoming } from '../../fixtures/agent/incoming.ts';
import type { EnvoyRules, LocalAnswer } from '../rules/envoy.ts';
import type { BodyForm, Request } from './message.ts';
import { splitTarget } from './target.ts';

/** Bodies are kept whole, so there is an end to them. */
export const maxBodyBytes = 10 * 1024 * 1024;

/** A request, or why it is none that Envoy serves, with as much of it as was understood. */
export type Read =
  | { request: Request; refusal?: LocalAnswer }
  | { request?: undefined; refusal: LocalAnswer };

/**
 * Reads one request as Envoy's HTTP/1 codec does. Fails when the connection does before the request is whole.
 *
 * @param goOn called when the client waits for leave to send its body.
 */
export async function readRequest(incoming: Incoming, rules: EnvoyRules, goOn: () => void): Promise<Read> {
  try {
    // What begins a TLS handshake has no lines, so that it would be waited for in vain.
    if (await incoming.startsWith('\x16')) return { refusal: codecError };
    const line = await incoming.line(maxLineBytes);
    const [, method = '', target = '', version = ''] = /^(\S+) (\S+) HTTP\/(\d\.\d)$/.exec(line) ?? [];
    if (method === '') return { refusal: codecError };
    const refusal = rules.rejectsRequest(method, target);
    if (refusal?.flags.includes('DPE')) return { refusal };
    const headers = await readHeaders(incoming);
    if (headers.expect?.[0]?.toLowerCase() === '100-continue') goOn();
    const { body, form, tooLarge } = await readWhole(incoming, headers);
    const request = toRequest(method, target, headers, body, form);
    const found = refusal ?? (tooLarge ? payloadTooLarge : ofVersion(version, request));
    return found === undefined ? { request } : { request, refusal: found };
  } catch (error) {
    if (error instanceof Failure && error.code === 'EMALFORMED') return { refusal: codecError };
    throw error;
  }
}

async function readWhole(
  incoming: Incoming,
  headers: Headers,
): Promise<{ body: Buffer; form: BodyForm; tooLarge: boolean }> {
  const framing = framingOf(headers) ?? 0;
  const form =
    framing === 'chunked' ? 'chunked' : headers['content-length'] === undefined ? 'none' : 'length';
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (typeof framing === 'number' && framing > maxBodyBytes)
    return { body: Buffer.alloc(0), form, tooLarge: true };
  await readBody(incoming, framing, (chunk) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  });
  return { body: Buffer.concat(chunks), form, tooLarge: bytes > maxBodyBytes };
}

function toRequest(method: string, target: string, headers: Headers, body: Buffer, form: BodyForm): Request {
  const { authority = headers.host?.[0], path } = splitTarget(target);
  return { version: 'HTTP/1.1', method, target, authority, path, headers: withoutH2c(headers), body, form };
}

/** What asks for HTTP/2 within HTTP/1.1 is left out and so refused (envoy `codec_impl.cc`: "unsupported h2c upgrade"). */
function withoutH2c(headers: Headers): Headers {
  if (headers.upgrade?.[0]?.toLowerCase() !== 'h2c') return headers;
  const { upgrade: _u, 'http2-settings': _s, connection = [], ...rest } = headers;
  const options = connection
    .flatMap((value) => value.split(',').map((option) => option.trim()))
    .filter((option) => !/^(upgrade|http2-settings)$/i.test(option));
  return { ...rest, ...(options.length > 0 && { connection: options }) };
}

function ofVersion(version: string, { authority }: Request): LocalAnswer | undefined {
  if (version !== '1.1') return upgradeRequired;
  return authority === undefined ? missingHost : undefined;
}

// From envoy `source/common/http/conn_manager_impl.cc`; the first two measured.
const codecError: LocalAnswer = {
  status: 400,
  body: 'Bad Request',
  details: 'http1.codec_error',
  flags: ['DPE'],
};
const upgradeRequired: LocalAnswer = {
  status: 426,
  body: 'Upgrade Required',
  details: 'low_version',
  flags: ['DPE'],
};
const missingHost: LocalAnswer = { status: 400, body: '', details: 'missing_host_header', flags: [] };
export const payloadTooLarge: LocalAnswer = {
  status: 413,
  body: 'Payload Too Large',
  details: 'request_payload_too_large',
  flags: [],
};
