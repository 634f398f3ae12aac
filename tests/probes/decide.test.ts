import { expect, test } from '@playwright/test';
import type { ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { control, convergeDelayMs, decide, decideDefaults, type Row } from '../../fixtures/probes/decide.ts';
import { GET, POST } from '../../fixtures/probes/request.ts';
import { answers, type Canned, scriptedRoute, statusRoute } from './scripted-route.ts';

const ample = { withinMs: 20_000 };
const root: Row[] = [[GET('/'), 'allowed']];

test('by default a batch must come out as expected three times in a row', async () => {
  const route = answers(200);
  const decision = await decide(route, root);
  expect(decision).toMatchObject({ ok: true, rounds: decideDefaults.times });
  expect(route.sent).toHaveLength(3);
});

for (const times of [1, 2, 5]) {
  test(`asked to, it must come out as expected ${times} times in a row`, async () => {
    expect(await decide(answers(200), root, { ...ample, times })).toMatchObject({ ok: true, rounds: times });
  });
}

test('a wrong answer in between starts the count anew', async () => {
  const decision = await decide(answers(404, 200, 200, 404, 200), root, ample);
  expect(decision).toMatchObject({ ok: true, rounds: 7 });
});

test('one wrong row starts the count anew for the whole batch', async () => {
  const rows: Row[] = [
    [GET('/'), 'allowed'],
    [GET('/closed'), 'denied, cause unseen'],
  ];
  const route = scriptedRoute((_, round) => [round === 2 ? 404 : 200, round === 4 ? 200 : 403]);
  expect(await decide(route, rows, ample)).toMatchObject({ ok: true, rounds: 7 });
});

test('a broken connection in between is no answer of the application', async () => {
  const reset: Canned = { stage: 'receive', code: 'ECONNRESET', message: 'reset', bytes: 0 };
  expect(await decide(answers(200, reset, 200), root, ample)).toMatchObject({ ok: true, rounds: 5 });
});

test('right answers that have begun are followed to their end, also beyond the bound', async () => {
  expect(await decide(answers(200), root, { withinMs: 0 })).toMatchObject({ ok: true, rounds: 3 });
  expect(await decide(answers(200, 403), root, { withinMs: 0 })).toMatchObject({ ok: false, rounds: 2 });
});

test('an answer that flaps never converges', async () => {
  const route = scriptedRoute((_, round) => [round % 2 === 0 ? 200 : 403]);
  const decision = await decide(route, root, { withinMs: 60 });
  expect(decision.ok).toBe(false);
  expect(decision.rounds).toBeGreaterThan(1);
});

test('rounds become rarer as nothing comes, and the last is at the bound', () => {
  const delays = [0, 100, 250, 1_000, 4_000, 4_900, 4_990, 5_000, 6_000];
  expect(delays.map((elapsed) => convergeDelayMs(elapsed, 5_000))).toEqual([
    25, 25, 25, 100, 400, 100, 10, 0, 0,
  ]);
});

test('a wrong answer that stays ends at the bound, with what was seen last', async () => {
  const decision = await decide(answers(200, 403), root, { withinMs: 30 });
  expect(decision.ok).toBe(false);
  expect(decision.elapsedMs).toBeGreaterThanOrEqual(30);
  expect(decision.edges).toEqual([
    {
      probe: 'client -> echo: GET /',
      expected: ['allowed'],
      seen: 'denied, cause unseen',
      control: false,
      ok: false,
      evidence: ['HTTP 403, 0 bytes', 'no access log line'],
      totalMs: 1,
    },
  ]);
});

test('any of several expected verdicts will do, and they may alternate', async () => {
  const route = answers(403, { status: 503, body: 'reset reason: connection timeout' }, 403);
  const rows: Row[] = [[GET('/'), ['denied, cause unseen', 'denied by felix']]];
  expect(await decide(route, rows, ample)).toMatchObject({ ok: true, rounds: 3 });
});

test('staying: a verdict that changes within the time fails, and is told', async () => {
  const decision = await decide(answers(200, 200, 200, 200, 403), root, { ...ample, stayMs: 20_000 });
  expect(decision).toMatchObject({
    ok: false,
    rounds: 5,
    edges: [{ seen: 'denied, cause unseen', ok: false }],
  });
});

test('staying: it goes on for the time asked for after the verdicts first held', async () => {
  const decision = await decide(answers(200), root, { ...ample, stayMs: 40 });
  expect(decision.ok).toBe(true);
  expect(decision.elapsedMs).toBeGreaterThanOrEqual(40);
  expect(decision.rounds).toBeGreaterThan(3);
});

test('a batch is sent as one, in the order of its rows, each probe with an id of its own', async () => {
  const route = statusRoute({ '/': 200, '/b': 200 });
  const body = 'a=b';
  await decide(
    route,
    [
      [GET('/'), 'allowed', control],
      [POST('/b', { body }), 'allowed'],
    ],
    { ...ample, times: 2 },
  );
  expect(
    route.sent.map((batch) => batch.map(({ http }) => [http?.method, http?.target, http?.body])),
  ).toEqual([
    [
      ['GET', '/', undefined],
      ['POST', '/b', body],
    ],
    [
      ['GET', '/', undefined],
      ['POST', '/b', body],
    ],
  ]);
  const ids = route.sent.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  for (const probe of route.sent.flat()) {
    expect(probe).toMatchObject({
      host: 'echo.shop.svc',
      port: 8080,
      connectTimeoutMs: 1_000,
      timeoutMs: 2_000,
    });
    expect(probe.connection, 'connections are not shared unless asked for').toBeUndefined();
  }
});

test('an empty batch is an error, not a success', async () => {
  await expect(decide(answers(200), [])).rejects.toThrow('an empty batch proves nothing');
});

test('a prober that answers fewer probes than it was sent is an error', async () => {
  const route = scriptedRoute(() => [200]);
  const rows: Row[] = [...root, [GET('/b'), 'allowed']];
  await expect(decide(route, rows, ample)).rejects.toThrow('the prober answered 1 of 2 probes');
});

test('a prober that fails ends it at once', async () => {
  const route = scriptedRoute(() => {
    throw new Error('the pod is gone');
  });
  await expect(decide(route, root, ample)).rejects.toThrow('the pod is gone');
  expect(route.sent).toHaveLength(1);
});

const denied: Row[] = [[GET('/'), 'denied by alp']];

test('log lines that come late are waited for, without new rounds', async () => {
  const route = answers(403);
  let reads = 0;
  route.serverLogs = {
    read: async () => {
      reads += 1;
      return [{ proxy: 'shop/echo-1', text: reads < 2 ? '' : logOf(route.sent.flat()) }];
    },
  };
  const decision = await decide(route, denied, ample);
  expect(decision).toMatchObject({ ok: true, rounds: 3 });
  expect(reads).toBe(2);
  expect(decision.edges[0]?.evidence).toContain('shop/echo-1 logged 403 UAEX ext_authz_denied');
  expect(decision.judged[0]?.server).toMatchObject({ proxy: 'shop/echo-1', details: 'ext_authz_denied' });
});

test('rounds that only the log shows to be wrong do not count', async () => {
  const route = answers(403);
  route.serverLogs = {
    read: async () => {
      // The filter has no Dikastes to ask for the first three rounds.
      const details = route.sent.length <= 3 ? 'ext_authz_error' : 'ext_authz_denied';
      return [{ proxy: 'shop/echo-1', text: logOf(route.sent.flat(), details) }];
    },
  };
  expect(await decide(route, denied, ample)).toMatchObject({ ok: true, rounds: 6 });
});

test('a denial that the log gives to another layer than expected fails', async () => {
  const route = answers(403);
  route.serverLogs = {
    read: async () => [{ proxy: 'shop/echo-1', text: logOf(route.sent.flat(), 'ext_authz_error') }],
  };
  const decision = await decide(route, denied, { withinMs: 30 });
  expect(decision).toMatchObject({ ok: false, edges: [{ seen: 'filter error' }] });
});

test('logs that cannot be read are an error, not a missing line', async () => {
  const route = answers(403);
  route.clientLogs = {
    read: async () => {
      throw new Error('may not read pods/log');
    },
  };
  await expect(decide(route, denied, ample)).rejects.toThrow('may not read pods/log');
});

test('a route without logs is judged by the wire alone', async () => {
  expect(await decide(answers(403), denied, { withinMs: 30 })).toMatchObject({
    ok: false,
    edges: [{ seen: 'denied, cause unseen' }],
  });
});

const refused: Canned = { stage: 'receive', code: 'ECONNRESET', message: 'read ECONNRESET', bytes: 0 };

test("a connection that was reset is known in the log by the client's address", async () => {
  const route = answers(refused);
  const line =
    '[t] "- - -" 0 NR filter_chain_not_found - "-" 0 0 2 - "-" "-" "-" "-" "-" - - 10.0.0.2:80 10.0.0.9:4711 - -';
  route.serverLogs = { read: async () => [{ proxy: 'shop/echo-1', text: line }] };
  expect(await decide(route, [[GET('/'), 'refused by mtls']], ample)).toMatchObject({ ok: true, rounds: 3 });
});

test('the logs are read from before the batch that they are to explain', async () => {
  const route = answers(403);
  const asked: number[] = [];
  route.serverLogs = {
    read: async (sinceSeconds) => {
      asked.push(sinceSeconds);
      return [{ proxy: 'shop/echo-1', text: logOf(route.sent.flat()) }];
    },
  };
  await decide(route, denied, ample);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeGreaterThanOrEqual(2);
});

/** What a sidecar logs of the probes when Dikastes denies them all. */
function logOf(probes: readonly ProbeRequest[], details = 'ext_authz_denied'): string {
  return probes
    .map(
      ({ id, http }) =>
        `[2026-01-01T00:00:00.000Z] "${http?.method} ${http?.target} HTTP/1.1" 403 UAEX ${details} - "-" 0 0 4 - "-" "alp-conformance/${id}" "x" "echo" "-" inbound|8080|| - 10.0.0.2:8080 10.0.0.3:1 - default\n`,
    )
    .join('');
}
