import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { ExpectationError } from '../../fixtures/outcome.ts';
import { bytes, GET } from '../../fixtures/probes/request.ts';
import { timeToEffect } from '../../fixtures/probes/time-to-effect.ts';
import { recorder, type TranscriptLine } from '../../fixtures/recorder.ts';
import type { VerdictName } from '../../fixtures/verdicts/verdict.ts';
import { answers, scriptedRoute } from './scripted-route.ts';

const ample = { withinMs: 20_000 };
const denied: VerdictName[] = ['denied, cause unseen'];
const nothing = async () => {};

test('it ends with the third expected answer in a row', async () => {
  const effect = await timeToEffect(answers(200, 200, 403), GET('/'), denied, nothing, ample);
  expect(effect.probes).toBe(5);
  expect(effect.afterMs).toBeGreaterThanOrEqual(0);
});

test('an answer that comes and goes again does not count', async () => {
  const effect = await timeToEffect(answers(403, 403, 200, 403), GET('/'), denied, nothing, ample);
  expect(effect.probes).toBe(6);
});

test('the time is that of the first of the three, from the start of the change', async () => {
  const at: number[] = [];
  const route = scriptedRoute((_, round) => {
    at.push(performance.now());
    return [round < 4 ? 200 : 403];
  });
  const before = performance.now();
  const { afterMs } = await timeToEffect(route, GET('/'), denied, nothing, ample);
  expect(at).toHaveLength(6);
  // After the fourth probe was sent, before the fifth was.
  expect(afterMs).toBeGreaterThanOrEqual(0);
  expect(before + afterMs).toBeLessThanOrEqual(at[4] as number);
});

test('any of several verdicts counts', async () => {
  const route = answers(403, { status: 503, body: 'connection timeout' }, 403);
  const effect = await timeToEffect(route, GET('/'), [...denied, 'denied by felix'], nothing, ample);
  expect(effect.probes).toBe(3);
});

test('an effect that never comes fails, once the change has ended, and says what was awaited', async () => {
  const change = Promise.withResolvers<void>();
  let ended = false;
  const measured = timeToEffect(answers(200), GET('/'), denied, () => change.promise, { withinMs: 20 });
  const failed = measured.then(
    () => new Error('It measured a time.'),
    (error: Error) => {
      ended = true;
      return error;
    },
  );
  await delay(60);
  expect(ended).toBe(false);
  change.resolve();
  const error = await failed;
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error.message).toContain('client -> echo: GET / had not become denied, cause unseen');
});

test('its last three probes are kept in the transcript, whether the effect came or not', async () => {
  recorder.begin();
  await timeToEffect(answers(200, 200, 403), GET('/'), denied, nothing, ample);
  expect(kept()).toEqual(Array(3).fill('client -> echo GET denied, cause unseen'));
  recorder.begin();
  const never = timeToEffect(answers(403, 403, 200), GET('/'), denied, nothing, { withinMs: 30 });
  await expect(never).rejects.toThrow(ExpectationError);
  expect(kept().at(-1)).toBe('client -> echo GET allowed');
  expect(kept().length).toBeLessThanOrEqual(3);
});

function kept(): string[] {
  const lines = recorder.transcriptText.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { route, request, verdict } = JSON.parse(line) as TranscriptLine;
    return `${route} ${request.method} ${verdict}`;
  });
}

test('it may ask by any protocol', async () => {
  const route = answers({ text: 'hello' });
  const effect = await timeToEffect(route, bytes('hello'), ['allowed'], nothing, ample);
  expect(effect.probes).toBe(3);
  expect(route.sent[0]).toMatchObject([{ protocol: 'tcp', payload: 'hello' }]);
});

test('probes are sent while the change is under way', async () => {
  const route = answers(200, 200, 403);
  let during = 0;
  await timeToEffect(
    route,
    GET('/'),
    denied,
    async () => {
      await delay(0);
      during = route.sent.length;
    },
    ample,
  );
  expect(during).toBeGreaterThan(0);
});
