import { mock } from 'node:test';
import { expect, test } from '@playwright/test';
import { type KubeObject, nameOf, type Ref, refOf } from '../../fixtures/cluster/objects.ts';
import type { Guest } from '../../fixtures/guest/guest.ts';
import { onceTold, peerAuthentication } from '../../fixtures/policies/peer-authentication.ts';
import { allow } from '../../fixtures/policies/rules.ts';
import { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { answers, type Canned, scriptedRoute } from '../probes/scripted-route.ts';

const refused: Canned = { stage: 'receive', code: 'ECONNRESET', message: '', bytes: 0, alert: 116 };
const permissive = peerAuthentication('permissive', 'mesh', { mode: 'PERMISSIVE' });

/** A sandbox where the mesh's own clients are always allowed, and policies on it. */
function policiesWith(plaintext: Route) {
  const left = new Map<string, KubeObject>();
  const guest = {
    create: async (object: KubeObject) => left.set(nameOf(refOf(object)), object),
    remove: async (ref: Ref) => left.delete(nameOf(ref)),
  } as unknown as Guest;
  const sandbox = {
    mesh: 'mesh',
    namespaceOf: () => 'mesh',
    route: async (from: string) => (from === 'plain' ? plaintext : answers(200)),
  } as unknown as Sandbox;
  return { policies: new SandboxPolicies(guest, sandbox, 'test'), left };
}

test.afterEach(() => mock.restoreAll());

test('plaintext that is refused in the end is waited for', async () => {
  const plaintext = answers(200, 200, refused);
  const { policies, left } = policiesWith(plaintext);
  await policies.make(permissive);
  await policies.clear();
  expect(plaintext.sent.length).toBeGreaterThanOrEqual(5);
  expect(left.size).toBe(0);
});

test('plaintext that is served long after is an error, and all that was made is deleted', async () => {
  let passedMs = 0;
  const now = performance.now.bind(performance);
  mock.method(performance, 'now', () => now() + passedMs);
  const plaintext = scriptedRoute((batch) => {
    passedMs += onceTold.withinMs / 2;
    return batch.map(() => 200);
  });
  const { policies, left } = policiesWith(plaintext);
  await policies.make(permissive);
  await policies.enforce([allow({ methods: ['GET'] })]);
  await expect(policies.clear()).rejects.toThrow(
    'STRICT is not back in mesh: 20 s after all that the test made was deleted, plaintext is allowed',
  );
  expect(left.size).toBe(0);
});

test('plaintext is not looked at where no mode was changed, or where there is none', async () => {
  const plaintext = answers(200);
  const { policies } = policiesWith(plaintext);
  await policies.enforce([allow({ methods: ['GET'] })]);
  await policies.clear();
  expect(plaintext.sent).toEqual([]);

  const alone = policiesWith({ ...plaintext, changesAtOnce: true });
  await alone.policies.make(permissive);
  await alone.policies.clear();
  expect(plaintext.sent).toEqual([]);
});
