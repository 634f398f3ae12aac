import type { ConformanceReport } from '../model.ts';
import {
  askedInWords,
  type Counted,
  carriedInWords,
  hazardMarks,
  hazardNote,
  hazardsOf,
  headline,
  knownInWords,
  knownNote,
  lackingMeans,
  outcomeMarks,
  outcomeOrder,
  problemsOf,
  productKeys,
  productNames,
  referenceNote,
  restoredInWords,
  totalsInWords,
  versionsInWords,
} from './words.ts';

/** A comment on a pull request holds 65,536 characters; what is longer belongs into the report. */
const mostProblems = 25;

/** A short summary for a pull request or a job's page, in GitHub's Markdown. */
export function renderMarkdown(report: ConformanceReport): string {
  const { versions, run, result } = report;
  const problems = problemsOf(report);
  const hazards = hazardsOf(report);
  const blocks = [
    `## ${escaped(versionsInWords(report))}`,
    [`**${escaped(headline(report))}**`, knownInWords(report), carriedInWords(report)]
      .filter((sentence) => sentence !== undefined)
      .join(' '),
    ...(report.target.kind === 'reference' ? [`> ${referenceNote}`] : []),
    table(
      [...productKeys.map((product) => productNames[product]), 'target', 'asked for'],
      [[...productKeys.map((product) => versions[product]), report.target.kind, askedInWords(report)]],
    ),
    ...(problems.length === 0 ? [] : ['### Did not pass', problemTable(problems)]),
    ...(problems.length > mostProblems ? [`And ${problems.length - mostProblems} more in the report.`] : []),
    ...listed(
      '### Runbook steps that failed',
      report.steps
        .filter((step) => step.result === 'failed')
        .map((step) => `${step.title}: ${step.cause ?? 'no cause was recorded'}`),
    ),
    ...diagnosed(report),
    ...listed('### Errors outside the requirements', run.errors ?? []),
    ...listed(
      '### Known deviations that did not occur',
      report.requirements.flatMap(({ id, unseen }) =>
        unseen === undefined ? [] : [`${id} passed: ${knownNote(unseen)}`],
      ),
    ),
    ...listed(
      '### Skipped for want of a means',
      lackingMeans(report).map(({ id, cause }) => `${id}: ${cause}`),
    ),
    ...(hazards.length === 0 ? [] : ['### Hazards', hazardNote, hazardTable(hazards)]),
    '### Totals',
    table(
      ['area', ...outcomeOrder],
      [...Object.entries(result.byArea), ['all', result.totals] as const].map(([area, totals]) => [
        area,
        ...outcomeOrder.map((outcome) => String(totals[outcome])),
      ]),
    ),
    `${totalsInWords(result.totals)}. ${restoredInWords(report)} Suite ${code(run.suiteVersion)}, revision ${code(run.suiteRevision)}.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function hazardTable(hazards: ConformanceReport['hazards']): string {
  return table(
    ['hazard', 'outcome', 'why'],
    hazards.map(({ id, statement, outcome, cause }) => [
      `${id} ${statement}`,
      `${hazardMarks[outcome]} ${outcome}`,
      // An absence is told by the expectation that failed, which is no news to anyone.
      outcome === 'absent' ? '' : (cause ?? ''),
    ]),
  );
}

function problemTable(problems: readonly Counted[]): string {
  return table(
    ['requirement', 'outcome', 'expected', 'seen'],
    problems.slice(0, mostProblems).map((problem) => {
      const edge = problem.edges.find(({ ok }) => !ok);
      const outcome = `${outcomeMarks[problem.outcome]} ${problem.outcome}${problem.known === undefined ? '' : ', known'}`;
      const promise = `${problem.id} ${problem.statement}`;
      return edge === undefined
        ? [promise, outcome, '', problem.cause ?? '']
        : [promise, outcome, edge.expected.join(' or '), `${edge.seen} (${edge.probe})`];
    }),
  );
}

/** Where to look, as links that are good beside the report. */
function diagnosed({ requirements, hazards, steps, run }: ConformanceReport): string[] {
  const folders = [
    ...steps.map(({ title, diagnosticsFolder }) => [title, diagnosticsFolder] as const),
    ...[...requirements, ...hazards].map(({ id, diagnosticsFolder }) => [id, diagnosticsFolder] as const),
    ['the mesh', run.diagnosticsFolder] as const,
  ];
  const links = folders.flatMap(([name, folder]) =>
    folder === undefined ? [] : [`[${escaped(name)}](<${folder.replaceAll(/[<>\\\s]/g, '')}/>)`],
  );
  return links.length === 0 ? [] : [`Diagnostics beside the report: ${links.join(', ')}`];
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, items.map((item) => `- ${escaped(item)}`).join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Evidence comes from the wire: it must not become markup, a mention or a broken row. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}
