import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { conclusionOf } from '../conclusion.ts';
import type { ConformanceReport } from '../model.ts';
import { repeatCommand } from '../repeat-command.ts';
import { counted } from '../totals.ts';
import {
  askedInWords,
  type Counted,
  carriedInWords,
  conclusionWords,
  count,
  duration,
  hazardMarks,
  hazardNote,
  hazardsInWords,
  hazardsOf,
  headline,
  knownInWords,
  measured,
  moment,
  outcomeMeanings,
  outcomeOrder,
  problemsOf,
  productKeys,
  productName,
  productNames,
  referenceNote,
  restoredInWords,
  totalsInWords,
  versionsInWords,
} from './words.ts';

const templates = new Eta({ views: import.meta.dirname, cache: true });
const style = readFileSync(join(import.meta.dirname, 'report.css'), 'utf8');

/** What the templates may call, so that they hold no rules of their own. */
const words = {
  count,
  duration,
  hazardNote,
  measured,
  moment,
  // Hazards have signs for all that requirements can be, and two more.
  marks: hazardMarks,
  outcomeMeanings,
  outcomeOrder,
  productKeys,
  productName,
  productNames,
  totalsInWords,
};

/**
 * The report as one HTML page that needs nothing else: no script, no font, no request. Everything that came from
 * the wire is escaped, and the page's own content security policy forbids scripts and foreign resources besides.
 */
export function renderHtml(report: ConformanceReport): string {
  const conclusion = conclusionOf(report);
  return templates.render('./report', {
    report,
    style,
    words,
    conclusion,
    conclusionWord: conclusionWords[conclusion],
    headline: headline(report),
    known: knownInWords(report),
    carried: carriedInWords(report),
    asked: askedInWords(report),
    versions: versionsInWords(report),
    referenceNote: report.target.kind === 'reference' ? referenceNote : undefined,
    tookMs: Math.max(0, Date.parse(report.run.finished) - Date.parse(report.run.started)),
    problems: problemsOf(report),
    failedSteps: report.steps.filter(({ result }) => result === 'failed'),
    unseen: report.requirements.filter((requirement) => requirement.unseen !== undefined),
    hazards: hazardsOf(report),
    hazardTally: hazardsInWords(report),
    pictured: [...report.requirements, ...report.hazards].filter(({ pictures }) => pictures.length > 0),
    areas: areasOf(report),
    phases: phasesOf(report),
    restored: restoredInWords(report),
    repeat: (id: string) => repeatCommand(report, id),
    // Paths are relative to the report. Encoding every part keeps a path from being read as another scheme.
    href: (path: string) => path.split('/').map(encodeURIComponent).join('/'),
  });
}

function areasOf(report: ConformanceReport) {
  const byArea = Object.groupBy<string, Counted>(counted(report), ({ area }) => area);
  return Object.entries(report.result.byArea).map(([name, totals]) => ({
    name,
    totals,
    requirements: (byArea[name] ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }));
}

/** Phases with where their bars begin and how long they are, in parts of the whole run. */
function phasesOf({ phases }: ConformanceReport) {
  const whole = Math.max(1, ...phases.map(({ startedMs = 0, durationMs }) => startedMs + durationMs));
  const percent = (ms: number) => ((ms / whole) * 100).toFixed(1);
  return phases.map((phase) => ({
    ...phase,
    left: percent(phase.startedMs ?? 0),
    width: percent(phase.durationMs),
  }));
}
