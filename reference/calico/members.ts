import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Labels } from '../../fixtures/selectors/expression.ts';
import type { ListObjects } from './objects.ts';
import type { NamedPort } from './policy.ts';

/** What selectors of rules select: a pod or a network set. */
export interface Member {
  /** Its own, with those it has from its namespace (`pcns.`) and its service account (`pcsa.`). */
  labels: Labels;
  /** Absent for a set of the whole cluster. */
  namespace?: { name: string; labels: Labels };
  /** Absent for sets. */
  serviceAccount?: { name: string; labels: Labels };
  ports: readonly NamedPort[];
}

/** A pod that policies apply to. */
export interface Endpoint extends Member {
  /** `namespace/name` of the pod. */
  pod: string;
  addresses: readonly string[];
  namespace: { name: string; labels: Labels };
  serviceAccount: { name: string; labels: Labels };
}

/** A network set, which stands for the addresses in its nets. */
export interface NetworkSet extends Member {
  nets: readonly string[];
}

interface PodSpec {
  hostNetwork?: boolean;
  serviceAccountName?: string;
  containers?: PodContainer[];
  initContainers?: PodContainer[];
}

interface PodContainer {
  ports?: { name?: string; containerPort: number; protocol?: string }[];
}

interface PodStatus {
  phase?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
}

/** Labels of namespaces or service accounts, with the one that Calico adds, by `placeOf`. */
export type LabelsOf = (place: string) => Labels;

/** Reads the labels of namespaces or of service accounts; what is not there has none. */
export function labelsByPlace(objects: Iterable<KubeObject>): LabelsOf {
  const byPlace = new Map<string, Labels>();
  for (const { metadata } of objects) {
    const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
    byPlace.set(place, { ...metadata.labels, 'projectcalico.org/name': metadata.name });
  }
  return (place) => byPlace.get(place) ?? {};
}

/** Labels as what belongs to their object inherits them. */
function inherited(prefix: 'pcns.' | 'pcsa.', labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${prefix}${name}`, value]));
}

/**
 * The pods that Calico knows as workload endpoints: those with an address of their own, until they have ended
 * (calico `libcalico-go/lib/backend/k8s/conversion`).
 */
export function endpointsOf(list: ListObjects, namespaces: LabelsOf, accounts: LabelsOf): Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const pod of list('Pod')) {
    const spec = (pod.spec ?? {}) as PodSpec;
    const { phase, podIP, podIPs = [] } = (pod.status ?? {}) as PodStatus;
    const addresses = [...new Set([...(podIP === undefined ? [] : [podIP]), ...podIPs.map(({ ip }) => ip)])];
    const ended = phase === 'Succeeded' || phase === 'Failed';
    if (spec.hostNetwork === true || addresses.length === 0 || ended) continue;
    const { name, namespace = 'default', labels } = pod.metadata;
    const account = spec.serviceAccountName ?? 'default';
    const ofNamespace = namespaces(namespace);
    const ofAccount = accounts(`${namespace}/${account}`);
    endpoints.push({
      pod: `${namespace}/${name}`,
      addresses,
      labels: {
        ...inherited('pcns.', ofNamespace),
        ...inherited('pcsa.', ofAccount),
        ...labels,
        'projectcalico.org/namespace': namespace,
        'projectcalico.org/orchestrator': 'k8s',
        'projectcalico.org/serviceaccount': account,
      },
      namespace: { name: namespace, labels: ofNamespace },
      serviceAccount: { name: account, labels: ofAccount },
      ports: namedPorts(spec),
    });
  }
  return endpoints;
}

function namedPorts({ containers = [], initContainers = [] }: PodSpec): NamedPort[] {
  return [...initContainers, ...containers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ name, containerPort, protocol = 'TCP' }) =>
      name === undefined || protocol !== 'TCP' ? [] : [{ name, port: containerPort }],
    ),
  );
}

/** The network sets of the cluster and of its namespaces (Calico reference, GlobalNetworkSet, NetworkSet). */
export function networkSetsOf(list: ListObjects, namespaces: LabelsOf): NetworkSet[] {
  const sets = [...list('GlobalNetworkSet.projectcalico.org'), ...list('NetworkSet.projectcalico.org')];
  return sets.map(({ metadata: { labels = {}, namespace }, spec }) => {
    const { nets = [] } = (spec ?? {}) as { nets?: string[] };
    if (namespace === undefined) return { labels, nets, ports: [] };
    const ofNamespace = namespaces(namespace);
    return {
      labels: { ...inherited('pcns.', ofNamespace), ...labels, 'projectcalico.org/namespace': namespace },
      nets,
      ports: [],
      namespace: { name: namespace, labels: ofNamespace },
    };
  });
}
