import { malformed } from '../../fixtures/agent/failure.ts';
import {
  framingOf,
  hasConnectionOption,
  maxLineBytes,
  readBody,
  readHeaders,
} from '../../fixtures/agent/http-message.ts';
import type { Incoming } from '../../fixtures/agent/incoming.ts';
import type { Response } from './message.ts';

/**
 * Reads an upstream's final response whole, past interim ones.
 *
 * @returns the response, and whether the connection may carry another.
 */
export async function readResponse(
  incoming: Incoming,
  method: string,
): Promise<{ response: Response; persistent: boolean }> {
  for (;;) {
    const line = await incoming.line(maxLineBytes);
    const [, minor = '', code = ''] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/.exec(line) ?? [];
    if (code === '') throw malformed('Not a status line.');
    const status = Number(code);
    const headers = await readHeaders(incoming);
    if (status < 200 && status !== 101) continue;
    const bodiless = method === 'HEAD' || status === 101 || status === 204 || status === 304;
    const framing = bodiless ? 0 : (framingOf(headers) ?? 'until close');
    const chunks: Buffer[] = [];
    await readBody(incoming, framing, (chunk) => chunks.push(chunk));
    const lasting = minor === '1' || hasConnectionOption(headers, 'keep-alive');
    return {
      response: {
        status,
        headers,
        body: Buffer.concat(chunks),
        form: bodiless ? 'none' : typeof framing === 'number' ? 'length' : 'chunked',
      },
      persistent: lasting && framing !== 'until close' && !hasConnectionOption(headers, 'close'),
    };
  }
}
