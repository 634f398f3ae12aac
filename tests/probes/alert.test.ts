import { expect, test } from '@playwright/test';
import { ControlError } from '../../fixtures/outcome.ts';
import { alert, refusedByAlert } from '../../fixtures/probes/alert.ts';
import { GET } from '../../fixtures/probes/request.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { answers, type Canned } from './scripted-route.ts';

const ended = (more: { alert?: number }): Canned => ({
  stage: 'tls',
  code: 'ERR',
  message: '',
  bytes: 0,
  ...more,
});
const refused = (answer: Canned) =>
  refusedByAlert({ ...answers(answer), changesAtOnce: true }, GET('/'), alert.handshakeFailure);

test('a refusal by the alert for it is recorded and says nothing', async () => {
  recorder.begin();
  await refused(ended({ alert: 40 }));
  expect(recorder.end('X', { outcome: 'passed' }).edges).toMatchObject([{ seen: 'refused by mtls' }]);
});

test('a refusal by another alert, or by none, leaves a requirement unverified', async () => {
  // 120: no protocol of ALPN that both speak.
  const other = refused(ended({ alert: 120 }));
  await expect(other).rejects.toBeInstanceOf(ControlError);
  await expect(other).rejects.toThrow(
    'client -> echo: GET / was refused by the TLS alert 120 and not by 40, so nothing tells that it was for the certificate',
  );
  await expect(refused(ended({}))).rejects.toThrow('was refused by no TLS alert and not by 40');
});
