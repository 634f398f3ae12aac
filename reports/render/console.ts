import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { conclusionOf } from '../conclusion.ts';
import type { ConformanceReport } from '../model.ts';
import { repeatCommand } from '../repeat-command.ts';
import { counted } from '../totals.ts';
import { plain } from './plain.ts';
import {
  askedInWords,
  type Counted,
  carriedInWords,
  count,
  duration,
  hazardMarks,
  hazardNote,
  hazardsInWords,
  hazardsOf,
  knownNote,
  lackingMeans,
  outcomeMarks,
  problemsOf,
  referenceNote,
  totalsInWords,
  versionsInWords,
} from './words.ts';

export interface ConsoleOptions {
  /** Where the report was written, as a person would open it. */
  reportFile?: string;
  /** Whether the terminal shows colours. */
  colours?: boolean;
}

/**
 * The end of a run for the terminal: what did not pass, each with how to repeat it, then the totals, the report's
 * place, and as the last line the conclusion in words: `conformant`, `not conformant`, `incomplete` or `interrupted`
 * (with `, incomplete` added to `not conformant` when something could not be judged), and of the reference mesh that it
 * is that.
 */
export function renderConsole(report: ConformanceReport, options: ConsoleOptions = {}): string {
  const conclusion = conclusionOf(report);
  const paint = (colour: 'red' | 'green' | 'yellow' | 'bold', text: string): string =>
    options.colours === true ? styleText(colour, text, { validateStream: false }) : text;
  const lines: string[] = [];
  const interrupted = conclusion === 'interrupted';
  const problems = problemsOf(report);
  // What a person stopped is not broken: to say so of each would bury what did happen before.
  const told = interrupted ? problems.filter(({ outcome }) => outcome !== 'broken') : problems;
  for (const problems of byCommonCause(told)) {
    const [first, ...others] = problems;
    if (first === undefined) continue;
    if (others.length === 0) lines.push(...problemLines(report, first, paint, options), '');
    else lines.push(...groupLines(problems, paint, options), '');
  }
  if (told.length < problems.length) {
    lines.push(
      `The run was interrupted before ${problems.length - told.length} requirements were judged.`,
      '',
    );
  }
  for (const step of report.steps.filter(({ result }) => result === 'failed' && !interrupted)) {
    lines.push(
      paint('red', `${outcomeMarks.failed} runbook step "${step.title}" failed`),
      ...cause(step),
      ...folderLine(step, options),
      '',
    );
  }
  for (const error of report.run.errors ?? []) lines.push(paint('red', `! ${plain(error)}`), '');
  for (const { id, unseen } of report.requirements) {
    if (unseen !== undefined) lines.push(`${id} passed against a known deviation: ${knownNote(unseen)}`, '');
  }
  for (const [why, skipped] of Map.groupBy(lackingMeans(report), ({ cause }) => cause ?? '')) {
    lines.push(
      `${outcomeMarks.skipped} ${skipped.map(({ id }) => id).join(', ')} skipped  ${plain(why)}`,
      '',
    );
  }
  lines.push(...hazardLines(report));
  lines.push(`${versionsInWords(report)}, ${askedInWords(report)}`);
  const carried = carriedInWords(report);
  if (carried !== undefined) lines.push(carried);
  const took = Date.parse(report.run.finished) - Date.parse(report.run.started);
  const { totals } = report.result;
  const all = count(counted(report).length, 'requirement');
  lines.push(`${paint('bold', `${all}: ${totalsInWords(totals)}`)} in ${duration(Math.max(0, took))}`);
  const hazards = hazardsInWords(report);
  if (hazards !== undefined) lines.push(`Hazards: ${hazards}`);
  if (options.reportFile !== undefined) lines.push(`Report: ${options.reportFile}`);
  if (report.run.diagnosticsFolder !== undefined) {
    lines.push(`Diagnostics: ${besideReport(report.run.diagnosticsFolder, options)}`);
  }
  if (report.target.kind === 'reference') {
    lines.push(
      referenceNote,
      'For the real thing: npm run conformance -- --target kind (makes a cluster), or --target existing --context NAME (takes yours)',
    );
  }
  const words =
    conclusion === 'not conformant' && !report.result.complete ? `${conclusion}, incomplete` : conclusion;
  const colour = {
    conformant: 'green',
    'not conformant': 'red',
    incomplete: 'yellow',
    interrupted: 'yellow',
  } as const;
  // Whoever reads nothing but the last line must not take the model for a release.
  const of = report.target.kind === 'reference' ? ' (the reference mesh)' : '';
  lines.push(`${paint(colour[conclusion], words)}${of}`);
  return `${lines.join('\n')}\n`;
}

/** Broken ones are told among the problems, and skips beside other skips. */
function hazardLines(report: ConformanceReport): string[] {
  const told = hazardsOf(report).filter(({ outcome }) => outcome !== 'broken' && outcome !== 'skipped');
  if (told.length === 0) return [];
  return [
    hazardNote,
    ...told.flatMap(({ id, outcome, statement, cause: why }) => [
      `${hazardMarks[outcome]} ${id} ${outcome}  ${plain(statement)}`,
      ...(outcome === 'unverified' && why !== undefined ? [`    ${plain(why)}`] : []),
    ]),
    '',
  ];
}

/** What broke many requirements at once is said once. */
function byCommonCause(problems: readonly Counted[]): Counted[][] {
  const groups = new Map<string, Counted[]>();
  for (const problem of problems) {
    const { id, outcome, cause: why, edges } = problem;
    const key = outcome === 'broken' && why !== undefined && edges.length === 0 ? why : id;
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()];
}

function groupLines(
  problems: readonly Counted[],
  paint: (colour: 'red' | 'yellow', text: string) => string,
  options: ConsoleOptions,
): string[] {
  const title = `${outcomeMarks.broken} ${problems.length} requirements broken`;
  return [
    `${paint('yellow', title)}  ${problems.map(({ id }) => id).join(', ')}`,
    ...cause(problems[0] as Counted),
    ...folderLine(problems.find(({ diagnosticsFolder }) => diagnosticsFolder !== undefined) ?? {}, options),
  ];
}

function problemLines(
  report: ConformanceReport,
  problem: Counted,
  paint: (colour: 'red' | 'yellow', text: string) => string,
  options: ConsoleOptions,
): string[] {
  const { id, statement, outcome, known, edges } = problem;
  const colour = outcome === 'failed' ? 'red' : 'yellow';
  const title = `${outcomeMarks[outcome]} ${id} ${outcome}${known === undefined ? '' : ', known'}`;
  const wrong = edges.filter(({ ok }) => !ok);
  return [
    `${paint(colour, title)}  ${plain(statement)}`,
    // The table of probes says the same in more detail.
    ...(wrong.length === 0 ? cause(problem) : []),
    ...wrong.flatMap((edge) => [
      `    ${plain(edge.probe)}${edge.control ? ' (control)' : ''}`,
      `      expected  ${plain(edge.expected.join(' or '))}`,
      `      seen      ${plain(edge.seen)}${edge.evidence.length === 0 ? '' : ` (${plain(edge.evidence.join('; '))})`}`,
    ]),
    ...(known === undefined ? [] : [`    known     ${knownNote(known)}`]),
    ...folderLine(problem, options),
    `    repeat    ${repeatCommand(report, id)}`,
  ];
}

/** Where to see what the cluster looked like then. */
function folderLine(result: { diagnosticsFolder?: string }, options: ConsoleOptions): string[] {
  const { diagnosticsFolder } = result;
  return diagnosticsFolder === undefined ? [] : [`    look at   ${besideReport(diagnosticsFolder, options)}`];
}

function besideReport(folder: string, { reportFile }: ConsoleOptions): string {
  return reportFile === undefined ? folder : join(dirname(reportFile), folder);
}

function cause(result: { cause?: string | undefined }): string[] {
  return result.cause === undefined ? [] : [`    ${plain(result.cause)}`];
}
