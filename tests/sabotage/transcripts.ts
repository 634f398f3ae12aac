import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { TranscriptLine } from '../../fixtures/recorder.ts';

/** What a line says that another run of the same probe must say too: all that verdicts rest on, and how long it took. */
export interface Told {
  verdict: string;
  status?: number;
  /** Who says that it served: Envoy's name for itself. */
  server?: string;
  /** Whether an upstream answered, by the header that Envoy then adds. */
  fromUpstream?: boolean;
  /** Whether the application answered, by the header that only the echo sets. */
  fromEcho?: boolean;
  /** The text of a proxy's own answer. */
  proxySays?: string;
  /** Code, stage and TLS alert of a probe without a response. */
  error?: string;
  took: 'instant' | 'seconds' | 'time-out';
}

/** What the proxies logged, where the run found it; it looks for no more than it needs. */
export interface Logged {
  server?: string;
  client?: string;
}

/** The probes of one run by requirement and place in its transcripts. */
export type Transcripts = Map<string, { told: Told; logged: Logged }>;

/** @param timeScale what the run's long time-outs were multiplied with. */
export function readTranscripts(report: string, timeScale = 1): Transcripts {
  const found: Transcripts = new Map();
  const folder = join(report, 'diagnostics');
  for (const id of readdirSync(folder).sort()) {
    for (const file of readdirSync(join(folder, id)).filter((name) => /^transcript.*\.ndjson$/.test(name))) {
      const seen = new Map<string, number>();
      for (const line of linesOf(join(folder, id, file))) {
        const probe = `${id} ${line.route}: ${line.request.method} ${line.request.target}`;
        const count = (seen.get(probe) ?? 0) + 1;
        seen.set(probe, count);
        found.set(`${probe} (${count})`, { told: told(line, timeScale), logged: logged(line) });
      }
    }
  }
  return found;
}

/**
 * The probes that both runs made and that were answered otherwise, and those that only the first one made.
 *
 * @param without requirements that are left out.
 */
export function differencesOf(
  recorded: Transcripts,
  ours: Transcripts,
  without: readonly string[],
): { probe: string; recorded: unknown; ours: unknown }[] {
  return [...recorded]
    .filter(([probe]) => !without.some((id) => probe.startsWith(`${id} `)))
    .map(([probe, theirs]) => ({ probe, recorded: theirs, ours: ours.get(probe) }))
    .filter(({ recorded: theirs, ours: own }) => own === undefined || !alike(theirs, own));
}

function alike(a: { told: Told; logged: Logged }, b: { told: Told; logged: Logged }): boolean {
  const sides = ['server', 'client'] as const;
  // A run reads logs only as far as its verdicts need them.
  const logs = sides.every((side) => !a.logged[side] || !b.logged[side] || a.logged[side] === b.logged[side]);
  return logs && isDeepStrictEqual(a.told, b.told);
}

function linesOf(file: string): TranscriptLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TranscriptLine);
}

function told({ verdict, observation }: TranscriptLine, timeScale: number): Told {
  const { response, error, timings } = observation;
  const took = timings.totalMs;
  if (response === undefined) {
    const alert = error?.alert === undefined ? '' : `, alert ${error.alert}`;
    // The prober's own patience is not scaled.
    return { verdict, error: `${error?.code} at ${error?.stage}${alert}`, took: classOf(took) };
  }
  const { status, headers, body } = response;
  const own = headers['x-envoy-upstream-service-time'] === undefined && headers.server !== undefined;
  return {
    verdict,
    status,
    ...(headers.server !== undefined && { server: headers.server.join() }),
    fromUpstream: headers['x-envoy-upstream-service-time'] !== undefined,
    fromEcho: headers['x-alp-echo'] !== undefined,
    ...(own && { proxySays: body }),
    took: status === 503 ? classOf(took / timeScale) : classOf(took),
  };
}

/** A busy machine makes an instant longer, but not into the ten seconds of a connect time-out. */
function classOf(ms: number): Told['took'] {
  if (ms < 1_500) return 'instant';
  return ms < 9_000 ? 'seconds' : 'time-out';
}

function logged({ server, client }: TranscriptLine): Logged {
  return {
    ...(server && { server: `${server.status} ${server.flags.join(',')} ${server.details}` }),
    ...(client && { client: `${client.status} ${client.flags.join(',')} ${client.details}` }),
  };
}
