import { expect, test } from '@playwright/test';
import type { ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { ControlError, ExpectationError } from '../../fixtures/outcome.ts';
import { lookFor } from '../../fixtures/probes/hazard.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import { bytes, GET } from '../../fixtures/probes/request.ts';
import { lookWhetherOpen } from '../../fixtures/probes/still-open.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { answers, type Canned, scriptedRoute } from './scripted-route.ts';

const denied = [[GET('/'), 'denied, cause unseen']] as const;
const signs = { present: 'allowed', absent: 'denied, cause unseen' } as const;
const atOnce = { changesAtOnce: true } as const;

test('a premise that holds is recorded and says nothing', async () => {
  recorder.begin();
  await premise(answers(403), denied, 'nothing can be told');
  expect(recorder.end('X', { outcome: 'passed' }).edges).toHaveLength(1);
});

test('a premise that does not hold leaves a requirement unverified, even where something leaked', async () => {
  const failed = premise({ ...answers(200), ...atOnce }, denied, 'nothing can be told');
  await expect(failed).rejects.toBeInstanceOf(ControlError);
  await expect(failed).rejects.toThrow(
    'nothing can be told (client -> echo: GET / was allowed, expected denied, cause unseen)',
  );
});

test('a weakness is there or absent by its signs, and by nothing else', async () => {
  const look = (answer: Canned) => lookFor({ ...answers(answer), ...atOnce }, [GET('/')], signs);
  await look(200);
  await expect(look(403)).rejects.toBeInstanceOf(ExpectationError);
  await expect(look(503)).rejects.toBeInstanceOf(ControlError);
});

test('a connection lives or was closed, and any other end tells neither', async () => {
  const look = (answer: Canned) => {
    const route = scriptedRoute((batch) => batch.map(() => answer), {
      isApplicationText: (text) => text === 'after',
    });
    return lookWhetherOpen(route, 'kept', bytes('after'));
  };
  await look({ text: 'after' });
  for (const code of ['EOF', 'ECONNRESET']) {
    const closed = look({ stage: 'send', code, message: 'gone', bytes: 0 });
    await expect(closed).rejects.toBeInstanceOf(ExpectationError);
    await expect(closed).rejects.toThrow(`the connection was closed (${code})`);
  }
  const unknown = scriptedRoute((batch) =>
    batch.map(() => ({ stage: 'send', code: 'EOF', message: '', bytes: 0 })),
  );
  const send = async (batch: ProbeRequest[]) =>
    (await unknown.send(batch)).map(({ local: _, ...rest }) => rest);
  const forgotten = lookWhetherOpen({ ...unknown, send }, 'kept', bytes('after'));
  await expect(forgotten, 'a prober that was started anew').rejects.toBeInstanceOf(ControlError);
  const neither = look({ stage: 'receive', code: 'ETIMEDOUT', message: 'nothing came', bytes: 0 });
  await expect(neither).rejects.toBeInstanceOf(ControlError);
});
