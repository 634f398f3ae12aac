import { waitFor } from '../../fixtures/cluster/wait.ts';
import { accessLogging } from '../../fixtures/sandbox/manifests.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { istioNamespace } from './installing-istio.ts';
import type { Step } from './step.ts';

const telemetries = [
  accessLogging('alp-conformance-gateway', istioNamespace, { istio: 'ingressgateway' }),
  accessLogging('alp-conformance-frontend', shopNamespace, { app: 'frontend' }),
];

/** Not of the tutorial: without access logs no one could say which layer denied a request. */
export const accessLogs: Step = {
  title: 'Access logs for the gateway and the front end',
  changes: 'switches on access logs for the gateway and the front end (Telemetry)',
  present: async () => false,
  apply: async ({ guest }) => {
    for (const telemetry of telemetries) await guest.create(telemetry);
  },
  verify: async ({ cluster }) => {
    for (const { apiVersion, kind, metadata } of telemetries) {
      await waitFor(
        cluster,
        { apiVersion, kind, namespace: metadata.namespace as string, name: metadata.name },
        (objects) => objects[0],
        { timeoutMs: 10_000, what: `Telemetry ${metadata.name} to be stored` },
      );
    }
  },
};
