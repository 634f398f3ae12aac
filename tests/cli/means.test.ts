import { expect, test } from '@playwright/test';
import { stringify } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import {
  type DataPlaneObjects,
  dataPlaneOf,
  hasIpv6,
  hasNativeSidecars,
  takesPods,
} from '../../scripts/targets/means.ts';

const object = (kind: string, rest: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...rest,
});

const nodes: [what: string, spec: object, takes: boolean][] = [
  ['that says nothing', {}, true],
  ['that is cordoned', { unschedulable: true }, false],
  ['of the control plane', { taints: [{ key: 'a', effect: 'NoSchedule' }] }, false],
  ['that is not ready', { taints: [{ key: 'a', effect: 'NoExecute' }] }, false],
  ['that would rather not', { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] }, true],
];

for (const [what, spec, takes] of nodes) {
  test(`a node ${what} ${takes ? 'takes' : 'does not take'} pods`, () => {
    expect(takesPods(object('Node', { spec }))).toBe(takes);
  });
}

const pods: [what: string, spec: object, ips: string[] | undefined, ipv6: boolean][] = [
  ['with an IPv4 address', {}, ['10.244.1.7'], false],
  ['with both', {}, ['10.244.1.7', 'fd00::7'], true],
  ["on its host's network", { hostNetwork: true }, ['fd00::1'], false],
  ['without an address yet', {}, undefined, false],
];

for (const [what, spec, ips, ipv6] of pods) {
  test(`a pod ${what} ${ipv6 ? 'shows' : 'does not show'} that pods have IPv6`, () => {
    const status = ips === undefined ? {} : { podIPs: ips.map((ip) => ({ ip })) };
    expect(hasIpv6(object('Pod', { spec, status }))).toBe(ipv6);
  });
}

const workload = (env: Record<string, string>) =>
  object('Deployment', {
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'first' },
            { name: 'main', env: Object.entries(env).map(([name, value]) => ({ name, value })) },
          ],
        },
      },
    },
  });
const node = (kubeletVersion: string) => object('Node', { status: { nodeInfo: { kubeletVersion } } });

const sidecars: [istio: string, env: string | undefined, kubelets: string[], native: boolean][] = [
  ['1.26.4', undefined, ['v1.34.4'], false],
  ['1.26.4', 'true', ['v1.29.0'], true],
  ['1.27.0', undefined, ['v1.33.0', 'v1.34.4'], true],
  ['1.28.10', undefined, ['v1.34.4+k3s1', 'v1.32.9'], false],
  ['1.28.10', 'false', ['v1.34.4'], false],
  ['1.28.10', 'true', ['v1.30.0'], true],
  ['1.28.10', 'auto', ['v1.34.4'], true],
  ['unknown', undefined, ['v1.34.4'], false],
];

for (const [istio, env, kubelets, native] of sidecars) {
  test(`Istio ${istio} on ${kubelets.join(' and ')} with ENABLE_NATIVE_SIDECARS ${env ?? 'unset'} has ${native ? '' : 'no '}native sidecars`, () => {
    const istiod = workload(env === undefined ? {} : { ENABLE_NATIVE_SIDECARS: env });
    expect(hasNativeSidecars(istiod, istio, kubelets.map(node))).toBe(native);
  });
}

test('an Istio that is not installed yet is taken to be as it is by default', () => {
  expect(hasNativeSidecars(undefined, '1.28.10', [node('v1.34.4')])).toBe(true);
  expect(hasNativeSidecars(undefined, '1.15.2', [node('v1.34.4')])).toBe(false);
});

const felix = (spec: object) => object('FelixConfiguration', { spec });
const kubeProxy = (config: object) => object('ConfigMap', { data: { 'config.conf': stringify(config) } });

const planes: [what: string, calico: string, objects: Partial<DataPlaneObjects>, plane: string][] = [
  ['says nothing before 3.32', 'v3.31.7', { felix: felix({}) }, 'iptables'],
  ['says nothing from 3.32 on', 'v3.32.1', { felix: felix({}) }, 'unknown'],
  ['follows kube-proxy', 'v3.32.1', { kubeProxy: kubeProxy({ mode: 'nftables' }) }, 'nftables'],
  ['follows a kube-proxy without a mode', 'v3.32.1', { kubeProxy: kubeProxy({ mode: '' }) }, 'iptables'],
  ['does not follow it', 'v3.31.7', { kubeProxy: kubeProxy({ mode: 'nftables' }) }, 'iptables'],
  ['is told to use nftables', 'v3.30.0', { felix: felix({ nftablesMode: 'Enabled' }) }, 'nftables'],
  [
    'is told not to',
    'v3.32.1',
    { felix: felix({ nftablesMode: 'Disabled' }), kubeProxy: kubeProxy({ mode: 'nftables' }) },
    'iptables',
  ],
  ['has eBPF', 'v3.31.7', { felix: felix({ bpfEnabled: true, nftablesMode: 'Enabled' }) }, 'bpf'],
  [
    'has eBPF by its environment',
    'v3.31.7',
    { felix: felix({}), calicoNode: workload({ FELIX_BPFENABLED: 'True' }) },
    'bpf',
  ],
  [
    'has eBPF in its configuration, and not by its environment',
    'v3.31.7',
    { felix: felix({ bpfEnabled: true }), calicoNode: workload({ FELIX_BPFENABLED: 'false' }) },
    'iptables',
  ],
  ['is of no known release', 'unknown', { felix: felix({}) }, 'unknown'],
];

for (const [what, calico, objects, plane] of planes) {
  test(`the data plane of a Felix ${calico} that ${what} is ${plane}`, () => {
    const none = { felix: undefined, calicoNode: undefined, kubeProxy: undefined };
    expect(dataPlaneOf({ ...none, ...objects }, calico)).toBe(plane);
  });
}
