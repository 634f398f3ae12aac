import { test as base } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { FakeApi } from './fake-api.ts';

/** Tests that talk to an API server of their own. */
export const test = base.extend<{ api: FakeApi }>({
  api: async ({}, use) => {
    const api = await FakeApi.start();
    await use(api);
    await api.stop();
  },
});

/** Long enough for any machine: only a test that fails waits for it. */
export const ample = 20_000;

/** An object with as little as the test needs. */
export function object(kind: string, name: string, more: Partial<KubeObject> = {}): KubeObject {
  const { metadata, ...rest } = more;
  return {
    apiVersion: kind === 'Pod' || kind === 'ConfigMap' || kind === 'Event' ? 'v1' : 'apps/v1',
    kind,
    ...rest,
    metadata: { name, namespace: 'shop', ...metadata },
  };
}

export function pod(
  name: string,
  status: object = {},
  spec: object = { containers: [{ name: 'main' }] },
): KubeObject {
  return object('Pod', name, { spec, status });
}

/** What a promise is rejected with; a promise that holds is an error. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`Expected an error, got ${JSON.stringify(outcome)}`);
}
