import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askInWords, type ProbeInput } from '../../fixtures/probes/request.ts';
import type { TranscriptLine } from '../../fixtures/recorder.ts';
import { differencesBetween, type Told, toldOf } from '../fidelity/told.ts';

/** What is named after the run: sandboxes, and what policies and connections are called in them. */
const ofRun = /\balp-[0-9a-f]{8}-\d+/g;

/** The probes of one run, by requirement, route, request, and how often that was sent before. */
export type Transcripts = Map<string, Told>;

/** @param timeScale what the run's long time-outs were multiplied with. */
export function readTranscripts(report: string, timeScale = 1): Transcripts {
  const found: Transcripts = new Map();
  const folder = join(report, 'diagnostics');
  for (const id of readdirSync(folder).sort()) {
    for (const file of readdirSync(join(folder, id)).filter((name) => /^transcript.*\.ndjson$/.test(name))) {
      const sent = new Map<string, number>();
      for (const line of linesOf(join(folder, id, file))) {
        const probe = `${id} ${line.route}: ${askInWords(line.request)}`.replaceAll(ofRun, 'alp-RUN');
        const count = (sent.get(probe) ?? 0) + 1;
        sent.set(probe, count);
        found.set(`${probe} (${count})`, toldOf(line, line.verdict, timeScale));
      }
    }
  }
  return found;
}

/**
 * The probes of a recorded run that were answered otherwise, or not sent.
 *
 * @param without requirements that are left out.
 */
export function differencesOf(
  recorded: Transcripts,
  ours: Transcripts,
  without: readonly string[],
): string[] {
  return [...recorded]
    .filter(([probe]) => !without.some((id) => probe.startsWith(`${id} `)))
    .flatMap(([probe, theirs]) => {
      const own = ours.get(probe);
      if (own === undefined) return [`${probe}: was not sent`];
      return differencesBetween(comparable(theirs, own), own).map((difference) => `${probe}: ${difference}`);
    });
}

/** A run reads logs only as far as its verdicts need them, and the shops' pages differ in size. */
function comparable({ bytes, serverLog, clientLog, ...theirs }: Told, ours: Told): Partial<Told> {
  return {
    ...theirs,
    ...(theirs.proxySays !== undefined && bytes !== undefined && { bytes }),
    ...(serverLog !== undefined && ours.serverLog !== undefined && { serverLog }),
    ...(clientLog !== undefined && ours.clientLog !== undefined && { clientLog }),
  };
}

function linesOf(file: string): TranscriptLine<ProbeInput>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TranscriptLine<ProbeInput>);
}
