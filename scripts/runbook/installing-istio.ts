import type { Cluster } from '../../fixtures/cluster/client.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { findPlacement } from '../../fixtures/injector/placement.ts';
import type { GatewayFacts } from '../../fixtures/run.ts';
import { installIstio } from '../lib/istioctl.ts';
import { findIstiod } from '../targets/istiod.ts';
import { findGateway } from './gateway.ts';
import type { Step } from './step.ts';
import { leftoversOf } from './take-out-istio.ts';

/** Where Istio is installed, and where what is there holds for the whole mesh. */
export const istioNamespace = 'istio-system';

/** Installs Istio's default profile, which has the ingress gateway that the tutorial routes through. */
export const installingIstio: Step = {
  title: 'Installing Istio',
  changes: 'installs Istio with istioctl, default profile, where there is none',
  present: async ({ cluster, run }) => (await findIstiod(cluster, run.revision)) !== undefined,
  apply: async ({ cluster, run, guest }) => {
    const namespace = await cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: istioNamespace });
    guest.announceInstall(namespace === undefined, await leftoversOf(cluster));
    await installIstio(run);
  },
  verify: async (walk) => {
    const { cluster, run } = walk;
    const istiod = await findIstiod(cluster, run.revision);
    if (istiod === undefined) throw new Error('Istio was installed, and yet there is no istiod.');
    const { namespace = istioNamespace, name } = istiod.metadata;
    await waitForRollout(cluster, { namespace, name }, { timeoutMs: 180_000 });
    const { chosen } = await findGateway(cluster, run);
    await gatewayReady(cluster, chosen);
    walk.learn({ gateway: chosen, placement: await findPlacement(cluster, run) });
    const { mesh } = await walk.witness();
    const { containers } = await dryRunInjection(cluster, mesh);
    if (!containers.includes('istio-proxy')) {
      throw new Error('the sidecar injector does not inject: a dry-run pod came back without istio-proxy.');
    }
  },
};

/** Waits for the workloads that a gateway's Service selects. */
async function gatewayReady(cluster: Cluster, { namespace, name, selector }: GatewayFacts): Promise<void> {
  const workloads = await Promise.all(
    (['Deployment', 'DaemonSet'] as const).map(async (kind) =>
      (await cluster.list({ apiVersion: 'apps/v1', kind, namespace })).map((object) => ({ kind, object })),
    ),
  );
  const own = workloads.flat().filter(({ object }) => {
    const { template } = object.spec as { template: { metadata?: { labels?: Record<string, string> } } };
    const labels = template.metadata?.labels ?? {};
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
  });
  if (own.length === 0) {
    throw new Error(
      `nothing runs behind the gateway's Service ${namespace}/${name}; install its Deployment, or give --gateway another one.`,
    );
  }
  await Promise.all(
    own.map(({ kind, object }) =>
      waitForRollout(cluster, { kind, namespace, name: object.metadata.name }, { timeoutMs: 180_000 }),
    ),
  );
}
