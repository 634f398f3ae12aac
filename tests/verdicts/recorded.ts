import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpResponse } from '../../fixtures/agent/protocol.ts';
import type { TranscriptLine } from '../../fixtures/recorder.ts';
import { isShop } from '../../fixtures/shop/recognise.ts';
import type { Context } from '../../fixtures/verdicts/context.ts';
import type { VerdictName } from '../../fixtures/verdicts/verdict.ts';

/**
 * Probes as real clusters answered them (Istio 1.28.10 with Calico 3.32.1 and 3.31.7), one line for each combination of verdict,
 * status or error, and what the proxies logged. They are lines of the `transcript.ndjson` that every requirement
 * attaches; bodies are cut to 700 characters.
 */
export const recorded: readonly TranscriptLine[] = readFileSync(
  join(import.meta.dirname, 'recorded.ndjson'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as TranscriptLine);

/** What the classifier was told of it beside the observation. */
export function contextOf({ route, server, client }: TranscriptLine): Context {
  const isApplication = route.includes('frontend')
    ? isShop
    : ({ headers }: HttpResponse) => headers['x-alp-echo'] !== undefined;
  return { isApplication, server, client };
}

/** The first recorded line with this verdict that fits, as a copy that may be changed. */
export function recordedLine(
  verdict: VerdictName,
  fits: (line: TranscriptLine) => boolean = () => true,
): TranscriptLine {
  const found = recorded.find((line) => line.verdict === verdict && fits(line));
  if (found === undefined) throw new Error(`No recorded line is ${verdict} and fits.`);
  return structuredClone(found);
}

/** What a line is, for the title of a test. */
export function titleOf({ route, request, observation, server, client }: TranscriptLine): string {
  const { response, error } = observation;
  const seen =
    response === undefined
      ? `${error?.code} at ${error?.stage}`
      : `${response.status}, ${response.bodyBytes} bytes`;
  const logged = [server && `server ${server.details}`, client && `client ${client.details}`].filter(Boolean);
  const target = `${route}: ${request.method} ${request.target}`;
  return `${target} (${[seen, logged.join(', ') || 'nothing logged'].join('; ')})`;
}
