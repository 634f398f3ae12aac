import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { expect as matchers } from '../../fixtures/matchers/to-decide.ts';
import { ControlError, ExpectationError } from '../../fixtures/outcome.ts';
import { control, type Row } from '../../fixtures/probes/decide.ts';
import { GET, POST } from '../../fixtures/probes/request.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { scriptedRoute, statusRoute } from './scripted-route.ts';

const briefly = { withinMs: 30 };
const rows: Row[] = [
  [GET('/'), 'allowed', control],
  [POST('/'), 'denied, cause unseen'],
  [GET('/cart'), ['denied, cause unseen', 'denied by felix']],
];

test('a batch that comes out as expected passes', async () => {
  await matchers(byMethod({ 'GET /': 200, 'POST /': 403, 'GET /cart': 403 })).toDecide(rows, briefly);
});

test('a denial that leaked fails and names edge, expected, seen and evidence', async () => {
  const error = await failure(byMethod({ 'GET /': 200, 'POST /': 200, 'GET /cart': 403 }));
  expect(error).toBeInstanceOf(ExpectationError);
  const [summary, table] = error.message.split('\n\n');
  expect(summary).toMatch(
    /^client -> echo: POST \/ was allowed, expected denied, cause unseen \(after \d+ rounds in \d+\.\d s\)$/,
  );
  expect(table?.split('\n')).toEqual([
    '  ok  client -> echo: GET / [control]: allowed (1 ms; HTTP 200, 0 bytes; the application answered)',
    '  BAD client -> echo: POST /: allowed, expected denied, cause unseen (1 ms; HTTP 200, 0 bytes; the application answered)',
    '  ok  client -> echo: GET /cart: denied, cause unseen (1 ms; HTTP 403, 0 bytes; no access log line)',
  ]);
});

test('a control that was denied makes it unverified, and says that denials prove nothing', async () => {
  const error = await failure(byMethod({ 'GET /': 403, 'POST /': 503, 'GET /cart': 403 }));
  expect(error).toBeInstanceOf(ControlError);
  expect(error.message).toMatch(
    /^the control failed, so denials prove nothing: client -> echo: GET \/ was denied, cause unseen, expected allowed \(after/,
  );
  expect(error.message).toContain('BAD client -> echo: POST /: error');
});

test('a leak fails also when the control was denied, and is named first', async () => {
  const error = await failure(byMethod({ 'GET /': 403, 'POST /': 403, 'GET /cart': 200 }));
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error.message).toMatch(
    /^client -> echo: GET \/cart was allowed, expected denied, cause unseen or denied by felix, and 1 more \(after/,
  );
});

test('answers that flap fail also when the last round happens to be right', async () => {
  const flapping = scriptedRoute((_, round) => [round % 2 === 0 ? 200 : 403]);
  const right = async (batch: ProbeRequest[]) => {
    const observations = await flapping.send(batch);
    // The bound is over with a right answer.
    if (observations[0]?.response?.status === 200) await delay(briefly.withinMs + 20);
    return observations;
  };
  const error = await failureOf(() =>
    matchers({ ...flapping, send: right }).toDecide([[GET('/'), 'allowed']], briefly),
  );
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error.message).toContain('client -> echo');
});

test('an empty batch fails', async () => {
  const error = await failureOf(() => matchers(statusRoute({})).toDecide([]));
  expect(error.message).toContain('an empty batch proves nothing');
});

test('every edge and every probe of the last round is recorded, whether it passes or fails', async () => {
  recorder.begin();
  await matchers(byMethod({ 'GET /': 200, 'POST /': 403, 'GET /cart': 403 })).toDecide(rows, briefly);
  await failure(byMethod({ 'GET /': 200, 'POST /': 200, 'GET /cart': 403 }));
  const transcript = recorder.transcriptText.trim().split('\n');
  expect(transcript.map((line) => JSON.parse(line) as { verdict: string })).toMatchObject(
    [
      'allowed',
      'denied, cause unseen',
      'denied, cause unseen',
      'allowed',
      'allowed',
      'denied, cause unseen',
    ].map((verdict) => ({ route: 'client -> echo', verdict })),
  );
  const { edges } = recorder.end('HTTP-01', { outcome: 'failed' });
  expect(edges.map(({ ok }) => ok)).toEqual([true, true, true, true, false, true]);
});

function byMethod(statuses: Record<string, number>): Route {
  return scriptedRoute((batch) =>
    batch.map(({ http }) => statuses[`${http?.method} ${http?.target}`] ?? 404),
  );
}

async function failure(route: Route): Promise<Error> {
  return failureOf(() => matchers(route).toDecide(rows, briefly));
}

async function failureOf(decide: () => Promise<void>): Promise<Error> {
  try {
    await decide();
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was decided as expected.');
}
