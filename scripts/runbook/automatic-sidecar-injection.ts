import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Ref } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import type { Guest } from '../../fixtures/guest/guest.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { findInjection, labelPatch } from '../../fixtures/injector/injection.ts';
import { copyPullSecret, pullSecretName } from '../../fixtures/injector/pull-secret.ts';
import type { Run } from '../../fixtures/run.ts';
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
  apply: async ({ cluster, guest, run }) => {
    const labels = labelPatch(await findInjection(cluster, run.revision));
    await guest.patch(namespace, { metadata: { labels } });
    const annotations = {
      'kubectl.kubernetes.io/restartedAt': new Date().toISOString(),
      ...askForDikastes(run.versions.istio),
    };
    const spec = await withPullSecret(cluster, guest, run);
    await guest.patch(frontend, { spec: { template: { metadata: { annotations }, ...(spec && { spec }) } } });
  },
  verify: async ({ cluster }) => {
    await waitForRollout(cluster, { namespace: shopNamespace, name: 'frontend' }, { timeoutMs: 180_000 });
  },
};

/** The front end's pods pull Dikastes too: with the run's secret, beside whatever they have. */
async function withPullSecret(
  cluster: Cluster,
  guest: Guest,
  { pullSecret }: Run,
): Promise<object | undefined> {
  if (pullSecret === undefined) return undefined;
  await copyPullSecret(cluster, guest, pullSecret, shopNamespace);
  const { spec } = await cluster.get(frontend);
  const { template } = spec as { template: { spec: { imagePullSecrets?: { name: string }[] } } };
  const others = (template.spec.imagePullSecrets ?? []).filter(({ name }) => name !== pullSecretName);
  return { imagePullSecrets: [...others, { name: pullSecretName }] };
}
