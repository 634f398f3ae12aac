import { isReady } from '../../fixtures/cluster/pods.ts';
import { waitFor } from '../../fixtures/cluster/wait.ts';
import { felixConfiguration, policySyncPath, policySyncPathIn } from '../../fixtures/policy-sync.ts';
import type { Step } from './step.ts';

export const policySync: Step = {
  title: 'Application layer policy',
  changes: `sets policySyncPathPrefix to ${policySyncPath} in FelixConfiguration default`,
  present: async ({ cluster }) => policySyncPathIn(await cluster.find(felixConfiguration)) === policySyncPath,
  apply: async ({ guest }) => {
    await guest.patch(felixConfiguration, { spec: { policySyncPathPrefix: policySyncPath } });
  },
  // Felix ends and starts again to read it; whether it then serves Dikastes shows as soon as one runs.
  verify: async ({ cluster }) => {
    await waitFor(
      cluster,
      { apiVersion: 'v1', kind: 'Pod', labelSelector: 'k8s-app=calico-node' },
      (pods) => (pods.length > 0 && pods.every(isReady) ? true : undefined),
      { timeoutMs: 120_000, what: 'every calico-node pod to be ready' },
    );
  },
};
