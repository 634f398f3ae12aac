import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** A pod as Istio's settings select it. */
export interface Workload {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  /** Whether its proxy is a gateway's. */
  gateway: boolean;
}

/** Where a setting of Istio applies, and since when. */
export interface Scope {
  namespace: string;
  name: string;
  /** Creation time, as Kubernetes writes it. */
  created: string;
  /** The labels of the workloads that it is for; absent: all of the namespace, or of the mesh. */
  matchLabels?: Readonly<Record<string, string>>;
}

interface Container {
  name: string;
  args?: readonly string[];
}

export function workloadOf(pod: KubeObject): Workload {
  const { namespace = '', labels = {} } = pod.metadata;
  return { namespace, labels, gateway: isGateway(pod) };
}

/** Whether a pod's proxy runs as a gateway: Istio starts it with `proxy router`. */
export function isGateway(pod: KubeObject): boolean {
  const { containers = [] } = (pod.spec ?? {}) as { containers?: Container[] };
  return containers.some(({ name, args = [] }) => name === 'istio-proxy' && args.includes('router'));
}

/** Whether a pod's endpoints take mutual TLS: the injector labels the pods it gives a sidecar. */
export function hasSidecar(pod: KubeObject): boolean {
  return pod.metadata.labels?.['security.istio.io/tlsMode'] === 'istio';
}

/** An empty selector is none. */
export function scopeOf(object: KubeObject, matchLabels: Record<string, string> | undefined): Scope {
  const { namespace = '', name, creationTimestamp = '' } = object.metadata;
  const selects = matchLabels !== undefined && Object.keys(matchLabels).length > 0;
  return { namespace, name, created: creationTimestamp, ...(selects && { matchLabels }) };
}

export function selects(
  { matchLabels = {} }: Pick<Scope, 'matchLabels'>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

/** Of two settings for the same workload the older counts; of two of the same second the one whose name is first. */
export function oldestFirst<T extends Scope>(settings: readonly T[]): T[] {
  return settings.toSorted(
    (a, b) =>
      compare(a.created, b.created) || compare(`${a.name}.${a.namespace}`, `${b.name}.${b.namespace}`),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
