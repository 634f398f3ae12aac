import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { sameValue } from '../../store/json.ts';
import { controlledBy } from '../controllers/owners.ts';
import type { Deployment, PodTemplate, ReplicaSet } from './deployment.ts';
import { hashOf, templateHashLabel } from './template-hash.ts';

/** Numbers a Deployment's ReplicaSets; the Deployment has the number of its current one. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

// A ReplicaSet gets the other annotations of its Deployment (Kubernetes
// `pkg/controller/deployment/util/deployment_util.go`).
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
]);

export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** The ReplicaSet whose pods are what the Deployment now asks for; the oldest when several are. */
export function currentOf(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const wanted = withoutHash(deployment.spec.template);
  return byAge(replicaSets).find(({ spec }) => sameValue(withoutHash(spec.template), wanted));
}

export function byAge(replicaSets: readonly ReplicaSet[]): ReplicaSet[] {
  const age = ({ metadata }: ReplicaSet) => metadata.creationTimestamp ?? '';
  return replicaSets.toSorted((a, b) => age(a).localeCompare(age(b)) || revisionOf(a) - revisionOf(b));
}

/** The ReplicaSet that a Deployment makes for its template. */
export function newReplicaSet(deployment: Deployment, replicas: number): ReplicaSet {
  const { name, namespace } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const hash = hashOf(template);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      labels,
      annotations: {},
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** The annotations of a Deployment's current ReplicaSet, which tells its revision; a former one is remembered. */
export function revisionAnnotations(
  deployment: Deployment,
  replicaSet: ReplicaSet,
  revision: number,
): Record<string, string> {
  const annotations = { ...replicaSet.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!notCopied.has(key)) annotations[key] = value;
  }
  const before = annotations[revisionAnnotation];
  if (before !== undefined && before !== String(revision)) {
    annotations[historyAnnotation] = [annotations[historyAnnotation], before].filter(Boolean).join(',');
  }
  annotations[revisionAnnotation] = String(revision);
  return annotations;
}

/** How many pods the Deployment wants and may have, which its ReplicaSets carry for scaling in proportion. */
export function sizeAnnotations(wanted: number, surge: number): Record<string, string> {
  return { [desiredAnnotation]: String(wanted), [maxAnnotation]: String(wanted + surge) };
}

function withoutHash({ metadata = {}, ...template }: PodTemplate): unknown {
  const { [templateHashLabel]: _, ...labels } = metadata.labels ?? {};
  return { ...template, metadata: { ...metadata, labels } };
}
