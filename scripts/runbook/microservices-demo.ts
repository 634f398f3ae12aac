import { parseAllDocuments } from 'yaml';
import type { KubeObject, Ref } from '../../fixtures/cluster/objects.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { pinnedFile, pinnedVersions } from '../lib/pinned.ts';
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
  return objectsOf(await pinnedFile(`Online Boutique ${boutique.version}`, { ...boutique, given }));
}

/**
 * The objects of a manifest of Online Boutique, in the shop's namespace, but for the load generator's. Deployments
 * come last: a pod cannot be made before its service account.
 */
export function objectsOf(manifest: string): KubeObject[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null)
    .filter(({ metadata: { name } }) => name !== 'loadgenerator')
    .map((object) => ({ ...object, metadata: { ...object.metadata, namespace: shopNamespace } }))
    .sort((a, b) => Number(a.kind === 'Deployment') - Number(b.kind === 'Deployment'));
}
