import type { KubeObject, Ref } from '../../fixtures/cluster/objects.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { onLinux, podSecurity } from '../../fixtures/injector/plain-pod.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { pinnedFile } from '../downloads/pinned-file.ts';
import { pinnedVersions } from '../lanes/versions-file.ts';
import { objectsIn } from '../lib/objects-in.ts';
import type { Step } from './step.ts';

const frontend: Ref = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: shopNamespace,
  name: 'frontend',
};

/** Deploys Online Boutique, without its load generator: nothing but the suite's own probes is to be measured. */
export const microservicesDemo: Step = {
  title: 'Microservices demo',
  changes: 'deploys Online Boutique to the namespace default',
  present: async ({ cluster }) => (await cluster.find(frontend)) !== undefined,
  apply: async ({ guest, run }) => {
    for (const object of await boutiqueObjects(run.boutique)) await guest.create(object);
  },
  verify: async ({ cluster }) => {
    const deployments = await cluster.list({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: shopNamespace,
    });
    const shop = deployments.filter(({ metadata: { name } }) => backends.has(name) || name === 'frontend');
    await Promise.all(
      shop.map(({ metadata: { name } }) =>
        waitForRollout(cluster, { namespace: shopNamespace, name }, { timeoutMs: 300_000 }),
      ),
    );
  },
};

/** What the front end's pages need; a deployment of another name in the namespace is none of our business. */
const backends = new Set([
  'adservice',
  'cartservice',
  'checkoutservice',
  'currencyservice',
  'emailservice',
  'paymentservice',
  'productcatalogservice',
  'recommendationservice',
  'redis-cart',
  'shippingservice',
]);

/**
 * The objects of the pinned release of Online Boutique, from the given file or downloaded; see `objectsOf`.
 *
 * @throws when the manifest cannot be had, or is not the pinned one.
 */
export async function boutiqueObjects(given?: string): Promise<KubeObject[]> {
  const { boutique } = pinnedVersions();
  const advice = 'download it and give its file with --boutique FILE';
  return objectsOf(await pinnedFile(`Online Boutique ${boutique.version}`, { ...boutique, given, advice }));
}

/**
 * The objects of a manifest of Online Boutique, in the shop's namespace, but for the load generator's, with pods that
 * every cluster takes. Deployments come last: a pod cannot be made before its service account.
 */
export function objectsOf(manifest: string): KubeObject[] {
  return objectsIn(manifest)
    .filter(({ metadata: { name } }) => name !== 'loadgenerator')
    .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: shopNamespace } }))
    .map(placed)
    .sort((a, b) => Number(a.kind === 'Deployment') - Number(b.kind === 'Deployment'));
}

interface PodTemplate {
  spec?: { nodeSelector?: object; securityContext?: object };
}

/**
 * With pods on Linux, whatever nodes there are besides, and with the one thing that the manifest lacks for the Pod
 * Security Standard `restricted`: a seccomp profile.
 */
function placed(object: KubeObject): KubeObject {
  const { template, ...spec } = (object.spec ?? {}) as { template?: PodTemplate };
  if (template?.spec === undefined) return object;
  const { nodeSelector, securityContext } = template.spec;
  const { seccompProfile } = podSecurity;
  const pod = {
    ...template.spec,
    nodeSelector: { ...onLinux, ...nodeSelector },
    securityContext: { seccompProfile, ...securityContext },
  };
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } };
}
