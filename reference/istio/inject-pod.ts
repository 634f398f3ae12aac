import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { strategicMerge } from '../store/strategic-merge.ts';
import { revision as defaultRevision } from './injection.ts';

interface Named {
  name: string;
}

interface PodLike {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: { initContainers?: Named[]; containers?: Named[]; volumes?: Named[] };
}

/**
 * A pod with templates laid over it, in order. What the pod itself says of a container that a template has too, and
 * its own labels and annotations, are laid over the templates again, so that the pod has the last word
 * (istio `pkg/kube/inject/webhook.go` reapplyOverwrittenContainers).
 */
export function injectPod(
  pod: KubeObject,
  templates: readonly object[],
  revision: string = defaultRevision,
): KubeObject {
  const overlay = templates.reduce(laidOver, { apiVersion: 'v1', kind: 'Pod' }) as PodLike;
  const merged = laidOver(templates.reduce(laidOver, pod), ownWords(pod, overlay)) as KubeObject;
  return laidOver(merged, traces(pod, overlay, revision)) as KubeObject;
}

function laidOver(target: object, patch: object): object {
  return strategicMerge(target as never, patch as never) as object;
}

function ownWords(pod: KubeObject, { spec: overlay = {} }: PodLike): PodLike {
  const { labels, annotations } = pod.metadata;
  const { initContainers, containers } = (pod.spec ?? {}) as NonNullable<PodLike['spec']>;
  const init = sameNames(initContainers, overlay.initContainers);
  const main = sameNames(containers, overlay.containers);
  return {
    metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: { ...(init.length > 0 && { initContainers: init }), ...(main.length > 0 && { containers: main }) },
  };
}

function sameNames(own: readonly Named[] = [], others: readonly Named[] = []): Named[] {
  return own.filter(({ name }) => others.some((other) => other.name === name));
}

/** What the injector notes on a pod, and what real templates find out about it. */
function traces(pod: KubeObject, { spec = {} }: PodLike, revision: string): PodLike {
  const { labels = {}, annotations = {} } = pod.metadata;
  const [first] = ((pod.spec ?? {}) as NonNullable<PodLike['spec']>).containers ?? [];
  const defaults = first && {
    'kubectl.kubernetes.io/default-container': first.name,
    'kubectl.kubernetes.io/default-logs-container': first.name,
  };
  const names = (list: readonly Named[] = []) => (list.length === 0 ? null : list.map(({ name }) => name));
  const status = {
    initContainers: names(spec.initContainers),
    containers: names(spec.containers),
    volumes: names(spec.volumes),
    imagePullSecrets: null,
    revision,
  };
  return {
    metadata: {
      labels: {
        'service.istio.io/canonical-name': canonicalName(pod),
        'service.istio.io/canonical-revision': labels.version ?? 'latest',
        ...labels,
      },
      annotations: {
        ...defaults,
        ...annotations,
        'istio.io/rev': revision,
        'sidecar.istio.io/status': JSON.stringify(status),
      },
    },
  };
}

function canonicalName({ metadata }: KubeObject): string {
  const { labels = {}, ownerReferences = [], name } = metadata;
  const owner = ownerReferences.find(({ kind }) => kind === 'ReplicaSet')?.name;
  const hash = labels['pod-template-hash'];
  const workload =
    hash !== undefined && owner?.endsWith(`-${hash}`) ? owner.slice(0, -hash.length - 1) : owner;
  return labels['app.kubernetes.io/name'] ?? labels.app ?? workload ?? name;
}
