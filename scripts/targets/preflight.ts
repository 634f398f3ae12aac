import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isNotFound } from '../../fixtures/guest/guest.ts';
import { isLegacy } from '../../fixtures/injector/ask.ts';
import { templateIn } from '../../fixtures/injector/template.ts';
import { tutorialPolicies } from '../../fixtures/policies/tutorial.ts';
import { istioctlVersion } from '../lib/istioctl.ts';
import { injectorConfigMap } from '../runbook/sidecar-injector.ts';
import type { Inspection } from './inspect.ts';

/** Something about the cluster keeps a run from being made; nothing was changed. Exit status 3. */
export class UnfitError extends Error {
  override name = 'UnfitError';
}

/**
 * Looks whether a run can be made on this cluster at all.
 *
 * @throws UnfitError with one sentence that says what to do.
 */
export async function preflight(
  cluster: Cluster,
  inspection: Inspection,
  { istioctl, dikastesImage }: { istioctl?: string | undefined; dikastesImage?: string | undefined },
): Promise<void> {
  await calicoApi(cluster);
  await csiDriver(cluster);
  await notAmbient(cluster);
  await policiesFree(cluster);
  if (inspection.istioInstalled) await injector(cluster, inspection);
  else await foreignIstio(cluster);
  if (!inspection.istioInstalled && (await istioctlVersion(istioctl)) === undefined) {
    throw new UnfitError(
      'The cluster has no Istio and there is no istioctl to install it with: put istioctl on PATH or give --istioctl FILE.',
    );
  }
  await permissions(cluster);
  if (inspection.versions.calico === 'unknown' && dikastesImage === undefined) {
    throw new UnfitError(
      'The release of Calico cannot be told, so nor can the image of Dikastes: give it with --dikastes-image.',
    );
  }
}

async function calicoApi(cluster: Cluster): Promise<void> {
  for (const kind of ['GlobalNetworkPolicy', 'FelixConfiguration']) {
    if (await cluster.supports('projectcalico.org/v3', kind)) continue;
    throw new UnfitError(
      `The cluster does not serve projectcalico.org/v3 ${kind}: install Calico's API server, or Calico 3.32 or newer with native v3 CRDs.`,
    );
  }
}

async function csiDriver(cluster: Cluster): Promise<void> {
  const driver = { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name: 'csi.tigera.io' };
  if ((await cluster.find(driver)) !== undefined) return;
  throw new UnfitError(
    "The cluster has no CSI driver csi.tigera.io, which brings Felix's socket to Dikastes: apply Calico's manifests/csi-driver.yaml, or let the operator install it.",
  );
}

/** Calico's documentation rules out application layer policy together with Istio's ambient mode. */
async function notAmbient(cluster: Cluster): Promise<void> {
  const ztunnels = await cluster.list({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    labelSelector: 'app=ztunnel',
  });
  const namespace = await cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: 'default' });
  const mode = namespace?.metadata.labels?.['istio.io/dataplane-mode'];
  if (ztunnels.length === 0 && mode !== 'ambient') return;
  throw new UnfitError(
    'The mesh runs in ambient mode, with which application layer policy does not work: use a cluster whose Istio runs sidecars.',
  );
}

/** An Istio of another name or place would be joined by a second one, and both taken out at the end. */
async function foreignIstio(cluster: Cluster): Promise<void> {
  const [istiod] = await cluster.list({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    labelSelector: 'app=istiod',
  });
  if (istiod === undefined) return;
  throw new UnfitError(
    `Istio runs as ${istiod.metadata.namespace}/${istiod.metadata.name}, and the run knows only istio-system/istiod: use a cluster whose Istio has no revision.`,
  );
}

async function policiesFree(cluster: Cluster): Promise<void> {
  for (const name of Object.keys(tutorialPolicies)) {
    const ref = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', name };
    if ((await cluster.find(ref)) === undefined) continue;
    throw new UnfitError(
      `GlobalNetworkPolicy ${name} exists already, and the run needs that name: rename or delete it, or run \`npm run down\` if an earlier run left it.`,
    );
  }
}

async function injector(cluster: Cluster, { versions }: Inspection): Promise<void> {
  const configMap = await cluster.find(injectorConfigMap);
  const config = (configMap?.data as { config?: string } | undefined)?.config;
  if (config === undefined) {
    throw new UnfitError(
      'Istio has no sidecar injector to add Dikastes to (ConfigMap istio-system/istio-sidecar-injector): install Istio with its injector, without a revision.',
    );
  }
  if (isLegacy(versions.istio)) return;
  let hasTemplates: boolean;
  try {
    hasTemplates = templateIn(config, 'sidecar') !== undefined;
  } catch {
    hasTemplates = false;
  }
  if (!hasTemplates) {
    throw new UnfitError(
      `The sidecar injector of Istio ${versions.istio} has no template that Dikastes could be laid over: use Istio 1.15, or 1.22 or newer.`,
    );
  }
}

/** What a run must be allowed to do, one line for each; the least that it needs. */
const needed = [
  { verb: 'create', group: '', resource: 'namespaces' },
  { verb: 'delete', group: '', resource: 'namespaces' },
  { verb: 'patch', group: '', resource: 'namespaces' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
  { verb: 'patch', group: '', resource: 'configmaps' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'create', group: 'projectcalico.org', resource: 'globalnetworkpolicies' },
  { verb: 'patch', group: 'projectcalico.org', resource: 'felixconfigurations' },
  { verb: 'create', group: 'coordination.k8s.io', resource: 'leases' },
] as const;

async function permissions(cluster: Cluster): Promise<void> {
  const answers = await Promise.all(
    needed.map(async ({ verb, group, resource, ...rest }) => {
      const review: KubeObject = await cluster.create<KubeObject>({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: { name: '' },
        spec: { resourceAttributes: { verb, group, resource, ...rest } },
      });
      const allowed = (review.status as { allowed?: boolean } | undefined)?.allowed === true;
      return allowed ? [] : [`${verb} ${[resource, ...Object.values(rest)].join('/')}`];
    }),
  ).catch((error: unknown) => {
    // A cluster without that API refuses nothing on these grounds; whatever is forbidden will be said then.
    if (isNotFound(error)) return [];
    throw error;
  });
  const missing = answers.flat();
  if (missing.length === 0) return;
  throw new UnfitError(`This context may not ${missing.join(', ')}: use one that may.`);
}
