import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { timestamp } from '../../store/store.ts';
import { systemImage } from '../../versions.ts';
import { nodeAddressAnnotation } from '../node.ts';

/** The nodes of the reference: each with an address on the virtual network, and addresses for its pods. */
const rows = [
  { name: 'reference-control-plane', address: '172.18.0.2', podCidr: '10.244.1.0/24', controlPlane: true },
  { name: 'reference-worker', address: '172.18.0.3', podCidr: '10.244.2.0/24', controlPlane: false },
];

export const nodeNames = rows.map(({ name }) => name);

/** @param kubernetes the release that their kubelets are of, such as `v1.34.4`. */
export function nodes(kubernetes: string): KubeObject[] {
  return rows.map(({ name, address, podCidr, controlPlane }) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(controlPlane && { 'node-role.kubernetes.io/control-plane': '' }),
      },
      annotations: { [nodeAddressAnnotation]: `${address}/16` },
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr], providerID: `reference://${name}` },
    status: {
      addresses: [
        // Where the outside reaches a node: the gateway's port is one of this machine.
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: name },
      ],
      allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
      capacity: { cpu: '2', memory: '4Gi', pods: '110' },
      conditions: conditions(),
      nodeInfo: {
        architecture: 'amd64',
        bootID: 'reference',
        containerRuntimeVersion: 'reference',
        kernelVersion: 'reference',
        kubeProxyVersion: '',
        kubeletVersion: kubernetes,
        machineID: 'reference',
        operatingSystem: 'linux',
        osImage: systemImage,
        systemUUID: 'reference',
      },
    },
  }));
}

function conditions(): object[] {
  const now = timestamp();
  const times = { lastHeartbeatTime: now, lastTransitionTime: now };
  const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];
  return [
    ...pressures.map((type) => ({ type, status: 'False', reason: 'KubeletHasEnough', ...times })),
    { type: 'Ready', status: 'True', reason: 'KubeletReady', ...times },
  ];
}
