import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { installIstio } from '../lib/istioctl.ts';
import type { Step } from './step.ts';

export const istioNamespace = 'istio-system';
const istiod = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: istioNamespace, name: 'istiod' };
const gateway = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: istioNamespace,
  name: 'istio-ingressgateway',
};

/** Installs Istio's default profile, which has the ingress gateway that the tutorial routes through. */
export const installingIstio: Step = {
  title: 'Installing Istio',
  changes: 'installs Istio with istioctl, default profile, where there is none',
  present: async ({ cluster }) => (await cluster.find(istiod)) !== undefined,
  apply: async ({ cluster, run, guest }) => {
    const namespace = await cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: istioNamespace });
    guest.announceInstall(namespace === undefined);
    await installIstio(run);
  },
  verify: async (walk) => {
    const { cluster } = walk;
    await waitForRollout(cluster, { namespace: istioNamespace, name: 'istiod' }, { timeoutMs: 180_000 });
    if ((await cluster.find(gateway)) === undefined) {
      throw new Error(
        'Istio has no ingress gateway named istio-ingressgateway in istio-system; the tutorial needs the default profile.',
      );
    }
    await waitForRollout(
      cluster,
      { namespace: istioNamespace, name: 'istio-ingressgateway' },
      { timeoutMs: 180_000 },
    );
    const { containers } = await dryRunInjection(cluster, 'default');
    if (!containers.includes('istio-proxy')) {
      throw new Error('the sidecar injector does not inject: a dry-run pod came back without istio-proxy.');
    }
    await walk.witness();
  },
};
