import { expect } from '@playwright/test';
import { accessLogLine, observationOf, refusedByProxy } from '../../fixtures/dikastes/bench/answers.ts';
import { BenchFixtures } from '../../fixtures/dikastes/bench/fixtures.ts';
import { part } from '../../fixtures/dikastes/bench/part.ts';
import { allow } from '../../fixtures/policies/rules.ts';
import type { CheckStatus } from '../../fixtures/policy-case/model.ts';
import { decide } from '../../fixtures/probes/decide.ts';
import { GET, POST } from '../../fixtures/probes/request.ts';
import { entryOfProbe } from '../../fixtures/verdicts/access-log.ts';
import { classify } from '../../fixtures/verdicts/classify.ts';
import { test } from './stand-ins.ts';

const probe = {
  id: 'p-1',
  host: 'echo',
  port: 80,
  protocol: 'http/1.1',
  http: GET('/a?b=c'),
  connectTimeoutMs: 1,
  timeoutMs: 1,
} as const;
const at = '2026-11-26T00:00:00.000Z';

const verdicts = {
  OK: 'allowed',
  PERMISSION_DENIED: 'denied by alp',
  UNKNOWN: 'denied by alp',
  INVALID_ARGUMENT: 'denied by alp',
  INTERNAL: 'denied by alp',
  UNAVAILABLE: 'denied by alp',
} as const satisfies Record<CheckStatus, string>;

for (const [status, verdict] of Object.entries(verdicts)) {
  test(`${status} comes to "${verdict}" by the same rules as on a cluster`, () => {
    const observation = observationOf(probe, status as CheckStatus, at);
    const server = entryOfProbe(accessLogLine(probe, status as CheckStatus, at), 'alp/echo', probe.id);
    expect(server, 'the access log line').toBeDefined();
    expect(classify(observation, { isApplication: () => false, server }).name).toBe(verdict);
  });
}

test('a NUL in a path is refused by the proxy', () => {
  expect(refusedByProxy({ ...probe, http: GET('/a%00/b') })).toBe(true);
  expect(refusedByProxy(probe)).toBe(false);
  expect(
    classify(observationOf(probe, 'refused by the proxy', at), { isApplication: () => false }).name,
  ).toBe('rejected by proxy');
});

test('policies of specs are in force for the very next request, and for the workload they select', async ({
  standIn,
}) => {
  const bench = await BenchFixtures.open({ release: 'v3.32.1', binary: standIn('good', '3.32') });
  try {
    const policies = bench.policies('1');
    const policy = await policies.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
    const toEcho = await bench.sandbox.route('client', 'echo');
    const rows = [
      [GET('/'), 'allowed'],
      [GET('/other'), 'denied by alp'],
      [POST('/'), 'denied by alp'],
    ] as const;
    expect(await decide(toEcho, rows)).toMatchObject({ ok: true, rounds: 3 });
    const toClient = await bench.sandbox.route('echo', 'client');
    expect(await decide(toClient, [[GET('/other'), 'allowed']])).toMatchObject({ ok: true });
    await policies.remove(policy);
    expect(await decide(toEcho, rows), 'a wrong answer is final, as nothing is on its way').toMatchObject({
      ok: false,
      rounds: 1,
    });
  } finally {
    await bench.close();
  }
});

test('what Dikastes alone has not says so', () => {
  const sandbox = part<{ mesh: string; pod: () => void }>("A cluster's sandbox", { mesh: 'm' });
  expect(sandbox.mesh).toBe('m');
  expect(() => sandbox.pod()).toThrow(
    "A cluster's sandbox has pod, which Dikastes alone has not: this requirement needs a cluster.",
  );
});
