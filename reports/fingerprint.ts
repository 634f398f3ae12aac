import { createHash } from 'node:crypto';
import type { Fingerprint } from '../fixtures/run.ts';
import type { ConformanceReport } from './model.ts';

type InReport = NonNullable<ConformanceReport['cluster']['fingerprint']>;

/** The fingerprint as a report has it: what is not told elsewhere in it, and a hash of all. */
export function fingerprintForReport(fingerprint: Fingerprint): InReport {
  const { cluster, dikastesImage } = fingerprint;
  return { hash: hashOf(fingerprint), cluster, dikastesImage };
}

/** What each part is called where two of them differ. */
const names: Record<keyof Fingerprint, string> = {
  cluster: 'the cluster itself (by the uid of namespace kube-system)',
  kubernetes: 'Kubernetes',
  calico: 'Calico',
  istio: 'Istio',
  boutique: 'Online Boutique',
  dikastesImage: "Dikastes' image",
  calicoApi: "Calico's API",
  nodes: 'the nodes',
  suite: 'the suite',
};

/**
 * How a cluster and suite differ from those of an earlier report, as parts of a sentence; none when they are the
 * same. The hash decides; what the report shows is there to name the difference.
 */
export function differencesFrom(
  { cluster, versions, environment, run }: ConformanceReport,
  now: Fingerprint,
): string[] {
  const then = cluster.fingerprint;
  if (then === undefined) return ['it tells no fingerprint of a cluster'];
  if (then.hash === hashOf(now)) return [];
  const { kubernetes, calico, istio, boutique } = versions;
  const before: Fingerprint = {
    ...{ kubernetes, calico, istio, boutique },
    dikastesImage: then.dikastesImage,
    calicoApi: environment.calicoApi,
    cluster: then.cluster,
    nodes: environment.nodes.map(({ name }) => name),
    suite: run.suiteRevision,
  };
  const differing = (Object.keys(names) as (keyof Fingerprint)[]).filter(
    (part) => String(before[part]) !== String(now[part]),
  );
  if (differing.length === 0) return ['something that its report does not show was different'];
  return differing.map((part) => `${names[part]} ${was(before[part])} and ${is(now[part])}`);
}

type Part = Fingerprint[keyof Fingerprint];

function was(part: Part): string {
  return typeof part === 'string' ? `was ${part}` : `were ${part.join(', ') || 'unknown'}`;
}

function is(part: Part): string {
  return typeof part === 'string' ? `is ${part}` : `are ${part.join(', ') || 'unknown'}`;
}

function hashOf(fingerprint: Fingerprint): string {
  const parts = Object.entries(fingerprint).sort(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}
