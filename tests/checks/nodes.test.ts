import { expect, test } from '@playwright/test';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { calicoNode } from '../../scripts/targets/checks/calico-node.ts';
import { calicoRelease } from '../../scripts/targets/checks/calico-release.ts';
import { type Check, type Circumstances, sentenceOf } from '../../scripts/targets/checks/check.ts';
import { judge as judgeSidecars } from '../../scripts/targets/checks/native-sidecars.ts';
import { nodes } from '../../scripts/targets/checks/nodes.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

// What a cluster's nodes are like, and what of Calico is on them.

async function found(check: Check, objects: KubeObject[], circumstances: object = {}): Promise<string> {
  const cluster: Cluster = new FakeCluster(objects).asCluster;
  const finding = await check.look(cluster, { options: {}, ...circumstances } as Circumstances);
  return `${finding.verdict}: ${sentenceOf(finding)}`;
}

function node(name: string, ready: string, message = '', kubeletVersion = 'v1.34.4'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/os': 'linux' } },
    status: {
      nodeInfo: { kubeletVersion },
      conditions: [{ type: 'Ready', status: ready, message }],
    },
  };
}

const windowsNode: KubeObject = {
  ...node('w', 'True'),
  metadata: { name: 'w', labels: { 'kubernetes.io/os': 'windows' } },
};

const noNetwork =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

const readiness: [what: string, nodes: KubeObject[], finding: RegExp][] = [
  ['all ready', [node('a', 'True'), node('b', 'True')], /^fit: All nodes run Linux and are ready \(2\)\.$/],
  [
    'all without a network',
    [node('a', 'False', noNetwork), node('b', 'False', noNetwork)],
    /^unfit: 2 of 2 nodes are not ready, for they have no network plugin \(no CNI\): install Calico, or see why/,
  ],
  [
    'one without a network',
    [node('a', 'True'), node('b', 'False', noNetwork)],
    /^note: 1 of 2 nodes are not ready, .+\(no CNI\)/,
  ],
  [
    'one that is gone',
    [node('a', 'True'), node('b', 'Unknown', 'Kubelet stopped posting node status.')],
    /^note: 1 of 2 nodes are not ready \(b: Kubelet stopped posting node status\.\): see what `kubectl describe node b` says\.$/,
  ],
  ['one with Windows', [node('a', 'True'), windowsNode], /^note: 1 of 2 nodes run Windows, where .+\.$/],
  [
    'one with Windows, and another that is gone',
    [node('a', 'True'), node('b', 'Unknown', 'Kubelet is gone.'), windowsNode],
    /^note: 1 of 3 nodes run Windows, where .+; and 1 of 2 Linux nodes are not ready \(b: Kubelet is gone\.\): see what/,
  ],
  [
    'one with Windows, and none ready',
    [node('b', 'False', noNetwork), windowsNode],
    /^unfit: 1 of 2 nodes run Windows, .+; and 1 of 1 Linux nodes are not ready, for they have no network/,
  ],
];

for (const [what, objects, finding] of readiness) {
  test(`nodes: ${what}`, async () => {
    expect(await found(nodes, objects)).toMatch(finding);
  });
}

function daemonSet(name: string, container: string, status: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ name: container }] } } },
    status,
  };
}
const ready = (numberReady: number) => ({ desiredNumberScheduled: 3, numberReady });

const felixes: [what: string, daemonSets: KubeObject[], finding: RegExp][] = [
  ['on every node', [daemonSet('calico-node', 'calico-node', ready(3))], /^fit: Calico runs on the nodes/],
  ['with another network', [daemonSet('canal', 'calico-node', ready(3))], /^fit: .+kube-system\/canal/],
  ['on some', [daemonSet('calico-node', 'calico-node', ready(1))], /^note: Calico is ready on 1 of 3 nodes/],
  [
    'on none',
    [daemonSet('calico-node', 'calico-node', ready(0))],
    /^unfit: No pod of DaemonSet kube-system\/calico-node is ready.+: see what `kubectl -n kube-system describe daemonset calico-node`/,
  ],
  [
    'for no node',
    [daemonSet('calico-node', 'calico-node', { desiredNumberScheduled: 0, numberReady: 0 })],
    /^unfit: DaemonSet kube-system\/calico-node is for none of the nodes, .+: see which nodes its nodeSelector/,
  ],
  ['not there', [daemonSet('kube-proxy', 'kube-proxy')], /^unfit: The cluster has no calico-node: install/],
  [
    'another in its place',
    [daemonSet('cilium', 'cilium-agent')],
    /^unfit: The cluster has no calico-node, but cilium: install Calico/,
  ],
];

for (const [what, daemonSets, finding] of felixes) {
  test(`Calico on the nodes: ${what}`, async () => {
    expect(await found(calicoNode, daemonSets)).toMatch(finding);
  });
}

const releases: [calico: string, api: string, finding: RegExp][] = [
  [
    'v3.32.0',
    'api server',
    /^unfit: The API server of Calico v3\.32\.0 answers 404 .+\(calico#12841\): upgrade Calico to v3\.32\.1/,
  ],
  ['v3.32.0', 'native crds', /^fit:/],
  ['v3.32.1', 'api server', /^fit:/],
  ['v3.31.7', 'api server', /^fit:/],
];

for (const [calico, api, finding] of releases) {
  test(`the release ${calico} with its v3 API by ${api}`, async () => {
    const inspection = { versions: { calico }, means: { api } };
    expect(await found(calicoRelease, [], { inspection })).toMatch(finding);
  });
}

const sidecars: [native: boolean, kubelets: string[], finding: RegExp][] = [
  [true, ['v1.34.4', 'v1.29.0-gke.1'], /^fit: Istio 1\.28\.10 makes sidecars native here/],
  [false, ['v1.25.3'], /^fit: Istio 1\.28\.10 makes sidecars ordinary containers here/],
  [
    true,
    ['v1.28.9', 'v1.28.9'],
    /^unfit: .+kubelets before 1\.29 do not run: n0 \(v1\.28\.9\), n1 \(v1\.28\.9\): switch/,
  ],
  [true, ['v1.34.4', 'v1.28.9'], /^note: .+: n1 \(v1\.28\.9\): switch that off in istiod, or upgrade/],
];

for (const [native, kubelets, finding] of sidecars) {
  test(`${native ? 'native' : 'ordinary'} sidecars on ${kubelets.join(' and ')}`, () => {
    const all = kubelets.map((kubelet, index) => node(`n${index}`, 'True', '', kubelet));
    const { verdict, ...said } = judgeSidecars(native, '1.28.10', all);
    expect(`${verdict}: ${sentenceOf({ verdict, ...said })}`).toMatch(finding);
  });
}
