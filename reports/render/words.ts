import type { Outcome } from '../../fixtures/outcome.ts';
import { type Conclusion, conclusionOf } from '../conclusion.ts';
import type { ConformanceReport, Deviation, HazardResult, RequirementResult, Totals } from '../model.ts';
import { counted, lacksMeans } from '../totals.ts';

/** Outcomes as they are listed everywhere: what needs a person first. */
export const outcomeOrder: readonly Outcome[] = ['failed', 'unverified', 'broken', 'skipped', 'passed'];

/** A sign beside the word, so that nothing is told by colour alone. */
export const outcomeMarks: Record<Outcome, string> = {
  passed: '✓',
  failed: '✗',
  unverified: '?',
  broken: '!',
  skipped: '–',
};

/** What the outcomes mean, for a reader who meets them first. */
export const outcomeMeanings: Record<Outcome, string> = {
  passed: 'Every expectation held, and every control was allowed.',
  failed: 'A verdict differs from the promise, while the controls were allowed or a denial leaked.',
  unverified: 'A control was not allowed, so the denials beside it prove nothing.',
  broken: 'It could not be judged: a time-out, a lost cluster, a failed step.',
  skipped: 'It does not apply to these versions, or the run lacked a means.',
};

/** Hazards as they are listed: those to reckon with first. */
const hazardOrder: readonly HazardResult['outcome'][] = [
  'present',
  'unverified',
  'broken',
  'skipped',
  'absent',
];

/** A sign beside the word of a hazard. */
export const hazardMarks: Record<HazardResult['outcome'], string> = {
  ...outcomeMarks,
  present: '▲',
  absent: '○',
};

/** Said wherever hazards are listed. */
export const hazardNote =
  'Hazards are documented weaknesses to know of. No release is less conformant for them.';

/** A time for people: `0 ms`, `340 ms`, `1.2 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(milliseconds: number): string {
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A measured value with its unit. */
export function measured({ value, unit }: RequirementResult['measurements'][number]): string {
  return unit === 'ms' ? duration(value) : String(value);
}

/** `1 requirement`, `2 requirements`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A moment for people, in UTC: `23 November 2026, 14:05 UTC`. */
export function moment(timestamp: string): string {
  const date = new Date(timestamp);
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** `2 failed, 1 broken, 26 passed`: the outcomes that occurred. */
export function totalsInWords(totals: Totals): string {
  const present = outcomeOrder.filter((outcome) => totals[outcome] > 0);
  return present.map((outcome) => `${totals[outcome]} ${outcome}`).join(', ') || 'nothing was judged';
}

/** A requirement, or a hazard that is broken and so counts as one. */
export type Counted = Omit<RequirementResult, 'known' | 'unseen'> & Pick<Partial<RequirementResult>, 'known'>;

/** What did not pass, skips aside: worst outcome first, new before known, then by id. */
export function problemsOf(report: ConformanceReport): Counted[] {
  const rank = ({ outcome, known }: Counted): number =>
    outcomeOrder.indexOf(outcome) * 2 + (known === undefined ? 0 : 1);
  return counted<Counted, HazardResult>(report)
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'unverified' || outcome === 'broken')
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** Hazards in the order in which they are listed. */
export function hazardsOf({ hazards }: ConformanceReport): HazardResult[] {
  const rank = ({ outcome }: HazardResult) => hazardOrder.indexOf(outcome);
  return hazards.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** `2 present, 1 absent`: what became of the hazards; `undefined` when there are none. */
export function hazardsInWords({ hazards }: ConformanceReport): string | undefined {
  const parts = hazardOrder.flatMap((wanted) => {
    const number = hazards.filter(({ outcome }) => outcome === wanted).length;
    return number === 0 ? [] : [`${number} ${wanted}`];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** All that lacked a means: a browser, a second node. */
export function lackingMeans({ requirements, hazards }: ConformanceReport): Pick<Counted, 'id' | 'cause'>[] {
  return [...requirements, ...hazards].filter(lacksMeans);
}

/** How much of a report was judged by an earlier run, in one sentence; `undefined` when none of it was. */
export function carriedInWords({ run, requirements, hazards }: ConformanceReport): string | undefined {
  if (run.resumed === undefined) return undefined;
  const carried = [...requirements, ...hazards].filter(({ from }) => from !== undefined).length;
  return carried === 0
    ? `Run ${run.resumed} was resumed, and nothing of it could be carried over.`
    : `${count(carried, 'result')} ${carried === 1 ? 'was' : 'were'} carried over from run ${run.resumed}, on the same cluster.`;
}

/** What was asked for, in one phrase: `profile core, area http`, or `only requirement HTTP-02`, whatever its profile. */
export function askedInWords({ run }: ConformanceReport): string {
  const { profile, areas, requirements } = run;
  if (requirements.length > 0) return `only ${named('requirement', requirements)}`;
  return areas.length === 0 ? `profile ${profile}` : `profile ${profile}, ${named('area', areas)}`;
}

function named(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}

/** Which versions were tested, in one phrase. */
export function versionsInWords({ versions, target }: ConformanceReport): string {
  if (target.kind === 'dikastes') return `Dikastes of Calico ${versions.calico}`;
  return `Calico ${versions.calico} and Istio ${versions.istio} on Kubernetes ${versions.kubernetes}`;
}

/** The conclusion as the start of a sentence. */
export const conclusionWords: Record<Conclusion, string> = {
  conformant: 'Conformant',
  'not conformant': 'Not conformant',
  incomplete: 'Incomplete',
  interrupted: 'Interrupted',
};

/** The whole result in one sentence. */
export function headline(report: ConformanceReport): string {
  const { totals } = report.result;
  const conclusion = conclusionOf(report);
  const start = conclusionWords[conclusion];
  if (conclusion === 'conformant') {
    return totals.passed === 1
      ? `${start}: the one requirement that applies passed.`
      : `${start}: all ${totals.passed} requirements that apply passed.`;
  }
  const selected = counted(report).length;
  if (selected === 0) {
    return report.hazards.length === 0
      ? `${start}: no requirement was selected.`
      : `${start}: hazards alone say nothing of conformance${missing(report)}.`;
  }
  if (conclusion === 'incomplete' || conclusion === 'interrupted') {
    return `${start}: ${totals.passed} of ${count(selected, 'requirement')} passed${missing(report)}.`;
  }
  const bad = outcomeOrder.slice(0, 3).filter((outcome) => totals[outcome] > 0);
  const parts = bad.map((outcome) => `${totals[outcome]} ${outcome}`).join(', ');
  return `${start}: ${parts} of ${count(selected, 'requirement')}.`;
}

function missing(report: ConformanceReport): string {
  const lacking = lackingMeans(report).length;
  const { broken } = report.result.totals;
  const unverified = report.hazards.filter(({ outcome }) => outcome === 'unverified').length;
  const errors = report.run.errors?.length ?? 0;
  const parts = [
    broken > 0 ? `${broken} broken` : '',
    unverified > 0 ? `${count(unverified, 'hazard')} unverified` : '',
    lacking > 0 ? `${lacking} skipped for want of a means` : '',
    errors > 0 ? `${count(errors, 'error')} outside the requirements` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

/** How much of what failed was known before, in one sentence; `undefined` when none of it was. */
export function knownInWords({ requirements, result }: ConformanceReport): string | undefined {
  const known = requirements.filter((requirement) => requirement.known !== undefined).length;
  if (known === 0) return undefined;
  const wrong = result.totals.failed + result.totals.unverified;
  if (known < wrong) {
    return `${known} of the ${wrong} that failed or are unverified ${known === 1 ? 'is a known deviation' : 'are known deviations'} of this release.`;
  }
  return known === 1
    ? 'The failure is a known deviation of this release.'
    : 'All that failed or are unverified are known deviations of this release.';
}

/** What was tested, in the order in which versions are listed. */
export const productKeys = ['calico', 'istio', 'dikastes', 'kubernetes', 'boutique'] as const;

/** How products are written. */
export const productNames: Record<keyof ConformanceReport['versions'], string> = {
  kubernetes: 'Kubernetes',
  calico: 'Calico',
  istio: 'Istio',
  dikastes: 'Dikastes',
  boutique: 'Online Boutique',
};

/** A product of the deviations as it is written. */
export function productName(product: string): string {
  const key = productKeys.find((candidate) => candidate === product.toLowerCase());
  return key === undefined ? product : productNames[key];
}

/** A known deviation in one line: which releases, what they do, and where to read on. */
export function knownNote({ product, versions, summary, link }: Deviation): string {
  return `${productName(product)} ${versions}: ${summary.replace(/\.$/, '')} (${link})`;
}

/** Said wherever a report of the reference mesh could be taken for one of the real thing. */
export const referenceNote =
  'This report is about the reference mesh that comes with the suite. It says nothing about Istio or Calico.';

/** What became of the cluster, in one sentence. */
export function restoredInWords({ cluster, target }: ConformanceReport): string {
  switch (cluster.restored) {
    case 'restored':
      return target.kind === 'existing'
        ? 'The cluster is as it was before the run.'
        : 'What the run created is gone.';
    case 'kept':
      return 'What the run created was kept. `npm run down` takes it back.';
    case 'incomplete':
      return 'Not everything could be put back. `npm run down` tries again.';
  }
}
