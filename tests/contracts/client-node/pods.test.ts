import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { Exec, Log, type V1Status } from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { agentPod, idlePod } from '../objects.ts';
import { test } from './fixture.ts';

test('a command runs in a container', async ({ config, core, namespace }) => {
  await core.createNamespacedPod({ namespace, body: agentPod('echo') });
  await expect
    .poll(async () => (await core.readNamespacedPod({ namespace, name: 'echo' })).status?.phase)
    .toBe('Running');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = Promise.all([buffer(stdout), buffer(stderr)]);
  const status = await new Promise<V1Status>((resolve, reject) => {
    const command = ['node', '/agent/agent.ts', 'probe'];
    const stdin = Readable.from([Buffer.from('not a probe\n')]);
    new Exec(config)
      .exec(namespace, 'echo', 'agent', command, stdout, stderr, stdin, false, resolve)
      .catch(reject);
  });
  expect(status).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '2' }] },
  });
  expect((await said).map(String)).toEqual(['', expect.stringMatching(/^Line 1: /)]);
});

test('a log is read, and followed to the end of its pod', async ({ config, core, namespace }) => {
  const named = { namespace, name: 'idle' };
  await core.createNamespacedPod({ namespace, body: idlePod('idle', 'main') });
  await expect.poll(async () => (await core.readNamespacedPod(named)).status?.phase).toBe('Running');
  expect(await core.readNamespacedPodLog({ ...named, container: 'main', tailLines: 1 })).toMatch(
    /^main started/,
  );
  const stream = new PassThrough();
  await new Log(config).log(namespace, 'idle', 'main', stream, { follow: true });
  const whole = text(stream);
  await core.deleteNamespacedPod(named);
  expect(await whole).toMatch(/^main started[^\n]*\n$/);
});
