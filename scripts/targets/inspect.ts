import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { meshMode } from '../runbook/peer-authentication.ts';

/** What a cluster is, read before anything is changed. */
export interface Inspection {
  istioInstalled: boolean;
  shopDeployed: boolean;
  permissiveBefore: boolean;
  uninjectedBefore: boolean;
  versions: { kubernetes: string; calico: string; istio: string };
}

export async function inspect(cluster: Cluster, istioToInstall: string | undefined): Promise<Inspection> {
  const [kubernetes, calico, istiod, mode, shop, frontend] = await Promise.all([
    cluster.version(),
    calicoVersion(cluster),
    cluster.find({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' }),
    meshMode(cluster),
    cluster.find({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: shopNamespace, name: 'frontend' }),
    podsOf(cluster, shopNamespace, 'app=frontend'),
  ]);
  return {
    istioInstalled: istiod !== undefined,
    shopDeployed: shop !== undefined,
    permissiveBefore: mode === 'PERMISSIVE',
    uninjectedBefore: frontend.every((pod) => containersOf(pod).every(({ name }) => name !== 'istio-proxy')),
    versions: {
      kubernetes,
      calico,
      istio: istiod === undefined ? (istioToInstall ?? 'unknown') : (tagOf(imagesOf(istiod)[0]) ?? 'unknown'),
    },
  };
}

/** Calico writes its version to ClusterInformation; a manifest install before that is known by its node image. */
async function calicoVersion(cluster: Cluster): Promise<string> {
  const information = await cluster.find({
    apiVersion: 'projectcalico.org/v3',
    kind: 'ClusterInformation',
    name: 'default',
  });
  const version = (information?.spec as { calicoVersion?: string } | undefined)?.calicoVersion;
  if (version !== undefined && version !== '') return version;
  const [node] = await cluster.list({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    labelSelector: 'k8s-app=calico-node',
  });
  return (node === undefined ? undefined : tagOf(imagesOf(node)[0])) ?? 'unknown';
}

/** The environment as the report shows it, read while the mesh is up. */
export async function environment(cluster: Cluster): Promise<ConformanceReport['environment']> {
  const [nodes, pods, service] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Node' }),
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }),
    cluster.find({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      name: 'v3.projectcalico.org',
    }),
  ]);
  const aggregated = (service?.spec as { service?: unknown } | undefined)?.service != null;
  return {
    calicoApi: service === undefined ? 'unknown' : aggregated ? 'api server' : 'native crds',
    nodes: nodes.map(nodeFacts),
    images: imagesUnderTest(pods),
  };
}

function nodeFacts(node: KubeObject): ConformanceReport['environment']['nodes'][number] {
  const { nodeInfo } = node.status as { nodeInfo: Record<string, string> };
  return {
    name: node.metadata.name,
    kubelet: nodeInfo.kubeletVersion ?? '',
    kernel: nodeInfo.kernelVersion ?? '',
    os: nodeInfo.osImage ?? '',
    runtime: nodeInfo.containerRuntimeVersion ?? '',
  };
}

/** Calico, Istio and the shop, once each, however many pods run them. */
function imagesUnderTest(pods: readonly KubeObject[]): ConformanceReport['environment']['images'] {
  const images = new Map<string, ConformanceReport['environment']['images'][number]>();
  for (const pod of pods) {
    const workload = pod.metadata.labels?.['k8s-app'] ?? pod.metadata.labels?.app;
    if (workload === undefined || !underTest.has(workload)) continue;
    for (const { name, image, imageID } of containersOf(pod)) {
      const container = `${pod.metadata.namespace}/${workload}/${name}`;
      images.set(container, { container, image, imageId: imageID });
    }
  }
  return [...images.values()];
}

const underTest = new Set([
  'calico-node',
  'calico-typha',
  'calico-kube-controllers',
  'calico-apiserver',
  'csi-node-driver',
  'istiod',
  'istio-ingressgateway',
  'frontend',
]);

function imagesOf(workload: KubeObject): string[] {
  const { template } = workload.spec as { template: { spec: { containers: { image: string }[] } } };
  return template.spec.containers.map(({ image }) => image);
}

function tagOf(image: string | undefined): string | undefined {
  return image?.split('@')[0]?.match(/:([^:/]+)$/)?.[1];
}
