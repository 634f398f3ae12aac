import type { Ref } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import type { Step } from './step.ts';

const namespace: Ref = { apiVersion: 'v1', kind: 'Namespace', name: shopNamespace };
const frontend: Ref = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: shopNamespace,
  name: 'frontend',
};

/** Labels the namespace and restarts the front end, as `kubectl label` and `kubectl rollout restart` do. */
export const automaticSidecarInjection: Step = {
  title: 'Automatic sidecar injection',
  changes: 'labels the namespace default for injection and restarts the front end',
  present: async ({ cluster }) => {
    const pods = await podsOf(cluster, shopNamespace, 'app=frontend');
    return pods.length > 0 && pods.every((pod) => containersOf(pod).some(({ name }) => name === 'dikastes'));
  },
  apply: async ({ guest, run }) => {
    await guest.patch(namespace, { metadata: { labels: { 'istio-injection': 'enabled' } } });
    const annotations = {
      'kubectl.kubernetes.io/restartedAt': new Date().toISOString(),
      ...askForDikastes(run.versions.istio),
    };
    await guest.patch(frontend, { spec: { template: { metadata: { annotations } } } });
  },
  verify: async ({ cluster }) => {
    await waitForRollout(cluster, { namespace: shopNamespace, name: 'frontend' }, { timeoutMs: 180_000 });
  },
};
