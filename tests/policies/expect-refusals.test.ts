import { expect, test } from '@playwright/test';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { ApiError, apiError } from '../../fixtures/cluster/errors.ts';
import { type KubeObject, nameOf, type Ref, refOf } from '../../fixtures/cluster/objects.ts';
import type { Guest } from '../../fixtures/guest/guest.ts';
import { Journal } from '../../fixtures/guest/journal.ts';
import { ControlError, ExpectationError } from '../../fixtures/outcome.ts';
import { expectRefusals, type Flaw } from '../../fixtures/policies/expect-refusals.ts';
import { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import type { Run } from '../../fixtures/run.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';

const flaw: Flaw = { what: 'an order that is no number', spec: { order: 'first' }, field: 'order' };

/** An API that answers each creation as told, and what is left on it. */
function apiThat(answer: (object: KubeObject) => ApiError | undefined) {
  const left = new Map<string, KubeObject>();
  const cluster = {
    create: async (object: KubeObject) => {
      const refusal = answer(object);
      if (refusal !== undefined) throw refusal;
      left.set(nameOf(refOf(object)), object);
      return object;
    },
    delete: async (ref: Ref) => left.delete(nameOf(ref)),
  } as unknown as Cluster;
  return { cluster, left };
}

function refusal(status: number, said: string): ApiError {
  const target = '/apis/projectcalico.org/v3/globalnetworkpolicies';
  return apiError({ status, reason: 'Invalid', said, method: 'POST', target }, 'here');
}

const isFlawed = ({ spec }: KubeObject) => (spec as { order?: unknown }).order === 'first';

function judged(answer: (object: KubeObject) => ApiError | undefined, folder: string, limit?: Flaw['spec']) {
  const { cluster, left } = apiThat(answer);
  const sandbox = { namespaceOf: () => 'alp-0' } as unknown as Sandbox;
  const policy = new SandboxPolicies({} as Guest, sandbox, 'test');
  const run = { id: 'test', folder, pid: process.pid } as Run;
  return { left, ended: expectRefusals([flaw], { policy, cluster, run }, limit) };
}

test('a refusal that names the field is what is wanted, and nothing is left', async ({}, info) => {
  const folder = info.outputPath();
  const { left, ended } = judged(
    (object) => (isFlawed(object) ? refusal(422, 'spec.Order: Invalid value') : undefined),
    folder,
  );
  await ended;
  expect(left.size).toBe(0);
  const announced = new Journal(`${folder}/journal.ndjson`).read().map((entry) => entry.op);
  expect(announced).toEqual(['create', 'create', 'create', 'create']);
});

test('what is accepted in spite of its flaw fails, and is gone again', async ({}, info) => {
  const { left, ended } = judged(() => undefined, info.outputPath());
  await expect(ended).rejects.toThrow(ExpectationError);
  await expect(ended).rejects.toThrow(
    'create a GlobalNetworkPolicy with an order that is no number: accepted, expected refused for order, and 1 more',
  );
  expect(left.size).toBe(0);
});

test('a refusal that says nothing of the field fails', async ({}, info) => {
  const { ended } = judged(
    (object) => (isFlawed(object) ? refusal(422, 'spec.selector: Invalid value') : undefined),
    info.outputPath(),
  );
  await expect(ended).rejects.toThrow(ExpectationError);
  await expect(ended).rejects.toThrow('refused without a word of order');
});

test('where a sound policy is refused, refusals prove nothing', async ({}, info) => {
  const { ended } = judged(() => refusal(422, 'spec.order: no policies today'), info.outputPath());
  await expect(ended).rejects.toThrow(ControlError);
  await expect(ended).rejects.toThrow('create a sound GlobalNetworkPolicy: refused, expected accepted');
});

test('a refusal for who is asking is no refusal of the policy', async ({}, info) => {
  const { ended } = judged(
    (object) => (isFlawed(object) ? refusal(403, 'may not order anything') : undefined),
    info.outputPath(),
  );
  await expect(ended).rejects.toThrow(ApiError);
  await expect(ended).rejects.toThrow('may not order anything');
});

test('the sound policy can be one that goes as far as it may', async ({}, info) => {
  const { ended } = judged(
    ({ spec }) => {
      const { order, selector } = spec as { order?: unknown; selector?: unknown };
      return order === 'first' || selector !== 'all()'
        ? refusal(422, 'spec.order: Invalid value')
        : undefined;
    },
    info.outputPath(),
    { selector: 'all()' },
  );
  await ended;
});
