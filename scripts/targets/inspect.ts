import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import { tagOf } from '../../fixtures/injector/release.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import type { CalicoApi, Versions } from '../../specs/catalogue.ts';
import type { Means } from '../../specs/selection.ts';
import { meshMode } from '../runbook/peer-authentication.ts';
import { findIstiod } from './istiod.ts';
import { dataPlaneOf, hasIpv6, hasNativeSidecars, takesPods } from './means.ts';

/** What a cluster is, read before anything is changed. */
export interface Inspection {
  istioInstalled: boolean;
  shopDeployed: boolean;
  versions: Versions;
  /** What it has to offer. Whether there is a browser is not its business, and its keys are nothing to look at. */
  means: Omit<Means, 'browser' | 'meshAuthority'>;
  /** The uid of namespace kube-system; undefined when it cannot be told. */
  uid: string | undefined;
  nodeNames: string[];
}

/**
 * @param istioToInstall the release that a run would bring in where there is none.
 * @param revision the revision or tag of Istio that a person named.
 */
export async function inspect(
  cluster: Cluster,
  istioToInstall: string | undefined,
  revision?: string,
): Promise<Inspection> {
  const [kubernetes, information, istiod, mode, shop, frontend, nodes, pods, api, system, ...dataPlane] =
    await Promise.all([
      cluster.version(),
      cluster.find({ apiVersion: 'projectcalico.org/v3', kind: 'ClusterInformation', name: 'default' }),
      findIstiod(cluster, revision),
      meshMode(cluster),
      cluster.find({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: shopNamespace,
        name: 'frontend',
      }),
      podsOf(cluster, shopNamespace, 'app=frontend'),
      cluster.list({ apiVersion: 'v1', kind: 'Node' }),
      cluster.list({ apiVersion: 'v1', kind: 'Pod' }),
      calicoApi(cluster),
      cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }),
      ...dataPlaneObjects(cluster),
    ]);
  const [felix, calicoNode, kubeProxy] = dataPlane;
  const calico = calicoVersion(information, calicoNode);
  const istio = istiod === undefined ? (istioToInstall ?? 'unknown') : (tagOfFirst(istiod) ?? 'unknown');
  return {
    istioInstalled: istiod !== undefined,
    shopDeployed: shop !== undefined,
    versions: { kubernetes, calico, istio },
    means: {
      permissiveBefore: mode === 'PERMISSIVE',
      uninjectedBefore: frontend.every((pod) =>
        containersOf(pod).every(({ name }) => name !== 'istio-proxy'),
      ),
      api,
      nodes: nodes.filter(takesPods).length,
      ipv6: pods.some(hasIpv6),
      nativeSidecars: hasNativeSidecars(istiod, istio, nodes),
      dataPlane: dataPlaneOf({ felix, calicoNode, kubeProxy }, calico),
    },
    uid: system?.metadata.uid,
    nodeNames: nodes.map(({ metadata }) => metadata.name).sort(),
  };
}

function dataPlaneObjects(cluster: Cluster) {
  return [
    cluster.find({ apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', name: 'default' }),
    cluster
      .list({ apiVersion: 'apps/v1', kind: 'DaemonSet', labelSelector: 'k8s-app=calico-node' })
      .then(([node]) => node),
    cluster.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' }),
  ] as const;
}

/** How Calico's v3 API is served: an aggregated API server has a Service that it is reached by. */
async function calicoApi(cluster: Cluster): Promise<CalicoApi> {
  const service = await cluster.find({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    name: 'v3.projectcalico.org',
  });
  if (service === undefined) return 'unknown';
  return (service.spec as { service?: unknown }).service == null ? 'native crds' : 'api server';
}

/** Calico writes its version to ClusterInformation; a manifest install before that is known by its node image. */
function calicoVersion(information: KubeObject | undefined, calicoNode: KubeObject | undefined): string {
  const version = (information?.spec as { calicoVersion?: string } | undefined)?.calicoVersion;
  if (version !== undefined && version !== '') return version;
  return (calicoNode === undefined ? undefined : tagOfFirst(calicoNode)) ?? 'unknown';
}

type Environment = ConformanceReport['environment'];

/** What runs on a cluster. */
export type NodesAndImages = Pick<Environment, 'nodes' | 'images'>;

/** The nodes and images as the report shows them, read while the mesh is up. */
export async function nodesAndImages(cluster: Cluster): Promise<NodesAndImages> {
  const [nodes, pods] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Node' }),
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }),
  ]);
  return { nodes: nodes.map(nodeFacts), images: imagesUnderTest(pods) };
}

function nodeFacts(node: KubeObject): Environment['nodes'][number] {
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
function imagesUnderTest(pods: readonly KubeObject[]): Environment['images'] {
  const images = new Map<string, Environment['images'][number]>();
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

/** The tag of a workload's first image. */
function tagOfFirst(workload: KubeObject): string | undefined {
  const { template } = workload.spec as { template: { spec: { containers: { image: string }[] } } };
  return tagOf(template.spec.containers[0]?.image ?? '');
}
