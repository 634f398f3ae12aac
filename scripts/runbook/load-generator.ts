import type { Ref } from '../../fixtures/cluster/objects.ts';
import { waitFor } from '../../fixtures/cluster/wait.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import type { Step } from './step.ts';

const loadGenerator: Ref = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: shopNamespace,
  name: 'loadgenerator',
};

/** A shop that was there already may be under its own load, which would warm connections and blur timings. */
export const pauseLoadGenerator: Step = {
  title: 'Microservices demo: pause the load generator',
  changes: 'scales the load generator to zero, where there is one',
  present: async ({ cluster }) => {
    const deployment = await cluster.find(loadGenerator);
    return deployment === undefined || (deployment.spec as { replicas?: number }).replicas === 0;
  },
  apply: async ({ guest }) => {
    await guest.patch(loadGenerator, { spec: { replicas: 0 } });
  },
  verify: async ({ cluster }) => {
    await waitFor(
      cluster,
      { apiVersion: 'v1', kind: 'Pod', namespace: shopNamespace, labelSelector: 'app=loadgenerator' },
      (pods) => (pods.length === 0 ? true : undefined),
      { timeoutMs: 60_000, what: 'the load generator to stop' },
    );
  },
};
