import { waitFor } from '../../fixtures/cluster/wait.ts';
import type { GatewayFacts } from '../../fixtures/run.ts';
import { accessLogging } from '../../fixtures/sandbox/manifests.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { gatewayOf } from './gateway.ts';
import type { Step } from './step.ts';

const telemetriesFor = ({ namespace, selector }: GatewayFacts) => [
  accessLogging('alp-conformance-gateway', namespace, selector),
  accessLogging('alp-conformance-frontend', shopNamespace, { app: 'frontend' }),
];

/** Not of the tutorial: without access logs no one could say which layer denied a request. */
export const accessLogs: Step = {
  title: 'Access logs for the gateway and the front end',
  changes: 'switches on access logs for the gateway and the front end (Telemetry)',
  present: async () => false,
  apply: async (walk) => {
    for (const telemetry of telemetriesFor(await gatewayOf(walk))) await walk.guest.create(telemetry);
  },
  verify: async (walk) => {
    for (const { apiVersion, kind, metadata } of telemetriesFor(await gatewayOf(walk))) {
      await waitFor(
        walk.cluster,
        { apiVersion, kind, namespace: metadata.namespace as string, name: metadata.name },
        (objects) => objects[0],
        { timeoutMs: 10_000, what: `Telemetry ${metadata.name} to be stored` },
      );
    }
  },
};
