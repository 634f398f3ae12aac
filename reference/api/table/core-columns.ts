import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { at, type Column, column, count, joined, listAt, none, pairsAt, textAt, wide } from './column.ts';
import { age, name } from './common-columns.ts';
import { podState } from './pod-state.ts';

/** The core group, as `kubectl get` shows it (kubernetes `pkg/printers/internalversion/printers.go`). */
export const coreColumns: Record<string, readonly Column[]> = {
  Pod: [
    name,
    column(
      'Ready',
      'Ready containers of all that live as long as the pod.',
      (pod, now) => podState(pod, now).ready,
    ),
    column('Status', 'What the pod as a whole does.', (pod, now) => podState(pod, now).status),
    column(
      'Restarts',
      'Restarts of its containers, and the last of them.',
      (pod, now) => podState(pod, now).restarts,
    ),
    age,
    wide('IP', 'Its address.', (pod) => textAt(pod, 'status.podIP')),
    wide('Node', 'Where it runs.', (pod) => textAt(pod, 'spec.nodeName')),
    wide('Nominated Node', 'Where it may run once others made room.', (pod) =>
      textAt(pod, 'status.nominatedNodeName'),
    ),
    wide('Readiness Gates', 'Conditions that it waits for, and how many hold.', readinessGates),
  ],
  Service: [
    name,
    column('Type', 'How it is reached.', (service) => textAt(service, 'spec.type', 'ClusterIP')),
    column('Cluster-IP', 'Its address within the cluster.', (service) => textAt(service, 'spec.clusterIP')),
    column('External-IP', 'Its address outside.', externalAddress),
    column('Port(s)', 'Its ports, with those of the nodes.', (service) =>
      joined(listAt(service, 'spec.ports').map(servicePort)),
    ),
    age,
    wide('Selector', 'The labels of its pods.', (service) => pairsAt(service, 'spec.selector')),
  ],
  Node: [
    name,
    column('Status', 'Whether it takes pods.', nodeStatus),
    column('Roles', 'From its labels.', nodeRoles),
    age,
    column('Version', 'Of its kubelet.', (node) => textAt(node, 'status.nodeInfo.kubeletVersion')),
    wide('Internal-IP', 'Its address for the cluster.', (node) => nodeAddress(node, 'InternalIP')),
    wide('External-IP', 'Its address for others.', (node) => nodeAddress(node, 'ExternalIP')),
    wide('OS-Image', 'Its operating system.', (node) => textAt(node, 'status.nodeInfo.osImage', '<unknown>')),
    wide('Kernel-Version', 'Its kernel.', (node) =>
      textAt(node, 'status.nodeInfo.kernelVersion', '<unknown>'),
    ),
    wide('Container-Runtime', 'What runs its containers.', (node) =>
      textAt(node, 'status.nodeInfo.containerRuntimeVersion', '<unknown>'),
    ),
  ],
  Namespace: [
    name,
    column('Status', 'Its phase.', (namespace) => textAt(namespace, 'status.phase', '')),
    age,
  ],
  ConfigMap: [
    name,
    count('Data', 'How many entries it has.', (map) => size(at(map, 'data')) + size(at(map, 'binaryData'))),
    age,
  ],
  Secret: [
    name,
    column('Type', 'What its data are for.', (secret) => textAt(secret, 'type', 'Opaque')),
    count('Data', 'How many entries it has.', (secret) => size(at(secret, 'data'))),
    age,
  ],
  ServiceAccount: [
    name,
    count('Secrets', 'How many secrets it lists.', (account) => listAt(account, 'secrets').length),
    age,
  ],
  Endpoints: [
    name,
    column('Endpoints', 'Address and port of each.', (endpoints) =>
      shortened(listAt(endpoints, 'subsets').flatMap(addresses)),
    ),
    age,
  ],
};

function readinessGates(pod: KubeObject): string {
  const gates = listAt(pod, 'spec.readinessGates');
  if (gates.length === 0) return none;
  const held = gates.filter((gate) => conditionOf(pod, textAt(gate, 'conditionType'))?.status === 'True');
  return `${held.length}/${gates.length}`;
}

function externalAddress(service: KubeObject): string {
  const type = at(service, 'spec.type');
  if (type === 'ExternalName') return textAt(service, 'spec.externalName');
  const assigned = listAt(service, 'status.loadBalancer.ingress').map((one) =>
    textAt(one, 'ip', textAt(one, 'hostname')),
  );
  const all = [...assigned, ...listAt(service, 'spec.externalIPs')];
  if (all.length === 0 && type === 'LoadBalancer') return '<pending>';
  return joined(all);
}

function servicePort(port: unknown): string {
  const nodePort = at(port, 'nodePort');
  const protocol = textAt(port, 'protocol', 'TCP');
  return nodePort ? `${at(port, 'port')}:${nodePort}/${protocol}` : `${at(port, 'port')}/${protocol}`;
}

function nodeStatus(node: KubeObject): string {
  const ready = conditionOf(node, 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec.unschedulable') === true ? `${word},SchedulingDisabled` : word;
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles({ metadata: { labels = {} } }: KubeObject): string {
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(rolePrefix) && label.length > rolePrefix.length)
    .map((label) => label.slice(rolePrefix.length));
  return joined(roles.sort());
}

function nodeAddress(node: KubeObject, type: string): string {
  return textAt(
    listAt(node, 'status.addresses').find((address) => at(address, 'type') === type),
    'address',
  );
}

function addresses(subset: unknown): string[] {
  const ports = listAt(subset, 'ports');
  return listAt(subset, 'addresses').flatMap((address) =>
    ports.map((port) => `${at(address, 'ip')}:${at(port, 'port')}`),
  );
}

/** Three, and how many more. */
function shortened(all: readonly string[]): string {
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : joined(all);
}

function size(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}
