import { expect } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { waitForTigeraStatus } from '../../scripts/targets/kind/calico/operator.ts';
import type { FakeApi } from '../cluster/fake-api.ts';
import { test } from '../cluster/fixture.ts';

const path = '/apis/operator.tigera.io/v1/tigerastatuses';
type Conditions = Record<string, [status: string, reason?: string, message?: string]>;

function status(name: string, conditions: Conditions): KubeObject {
  return {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'TigeraStatus',
    metadata: { name, resourceVersion: '2' },
    status: {
      conditions: Object.entries(conditions).map(([type, [is, reason, message]]) => ({
        type,
        status: is,
        reason,
        message,
      })),
    },
  };
}

const available: Conditions = { Available: ['True', 'AllObjectsAvailable'], Degraded: ['False'] };
const degraded = (reason: string, message: string): Conditions => ({
  Available: ['False'],
  Degraded: ['True', reason, message],
});

function tells(api: FakeApi, before: KubeObject[], ...after: KubeObject[]): void {
  api.kinds('operator.tigera.io/v1', { TigeraStatus: 'tigerastatuses' }, ['TigeraStatus']);
  api.onWatch(
    path,
    [(_, answer) => answer.list(before)],
    [
      (_, answer) => {
        for (const object of after) answer.event('MODIFIED', object);
      },
    ],
  );
}

const patience = { timeoutMs: 5_000, signal: new AbortController().signal };

test('the operator is done when all it tells of is available', async ({ api }) => {
  const calico = status('calico', available);
  tells(
    api,
    [calico, status('apiserver', degraded('ResourceNotReady', 'Waiting for Installation'))],
    status('apiserver', available),
  );
  await waitForTigeraStatus(api.cluster(), patience);
});

test('it is not done before it tells of the v3 API', async ({ api }) => {
  tells(api, [status('calico', available)]);
  await expect(waitForTigeraStatus(api.cluster(), { ...patience, timeoutMs: 2_000 })).rejects.toThrow(
    "Timed out after 2 s waiting for Calico's operator to have everything available",
  );
});

for (const [reason, message] of [
  ['InvalidConfigurationError', 'IPPool 10.244.0.0/16 is not within the platform’s configured pod network'],
  ['PodFailure', 'Pod calico-system/calico-node-x failed to pull container image for: calico-node'],
] as const) {
  test(`degraded by ${reason}, it is not waited for any longer`, async ({ api }) => {
    tells(api, [status('calico', degraded(reason, message)), status('apiserver', available)]);
    await expect(waitForTigeraStatus(api.cluster(), { ...patience, timeoutMs: 60_000 })).rejects.toThrow(
      `Gave up waiting for Calico's operator to have everything available: calico is degraded (${reason}: ${message})`,
    );
  });
}

test('degraded to the end, it says why in its own words', async ({ api }) => {
  tells(api, [
    status('calico', available),
    status('apiserver', degraded('ResourceNotReady', 'Pod calico-apiserver/x has crash looping container')),
  ]);
  await expect(waitForTigeraStatus(api.cluster(), { ...patience, timeoutMs: 2_000 })).rejects.toThrow(
    'last seen: apiserver is degraded (ResourceNotReady: Pod calico-apiserver/x has crash looping container)',
  );
});
