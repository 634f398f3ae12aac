import { writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { ForbiddenError } from '../../fixtures/cluster/errors.ts';
import { ExecError, execInPod } from '../../fixtures/cluster/exec.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { ExecPeer } from './fake-api.ts';
import { ample, rejection, test } from './fixture.ts';

const container = { namespace: 'shop', pod: 'client', container: 'agent' };
const options = { timeoutMs: ample };
const path = '/api/v1/namespaces/shop/pods/client/exec';

const success = (peer: ExecPeer) => peer.send(3, '{"kind":"Status","status":"Success"}');
const failure = (peer: ExecPeer, code: string) =>
  peer.send(
    3,
    JSON.stringify({
      kind: 'Status',
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: `command terminated with non-zero exit code: ${code}`,
      details: { causes: [{ reason: 'ExitCode', message: code }] },
    }),
  );

test('output comes back by stream, with status 0', async ({ api }) => {
  api.onExec((peer) => {
    peer.send(1, 'out ');
    peer.send(2, 'err');
    peer.send(1, 'more');
    success(peer);
  });
  expect(await execInPod(api.cluster(), container, ['id'], options)).toEqual({
    stdout: 'out more',
    stderr: 'err',
    exitCode: 0,
  });
});

test('the request names container and streams, and is authenticated', async ({ api }) => {
  api.onExec(success);
  await execInPod(api.cluster(), container, ['id'], options);
  const [request] = api.seen('GET', path);
  expect(request?.headers.authorization).toBe('Bearer secret');
  expect(request?.query).toMatchObject({
    container: 'agent',
    stdout: 'true',
    stderr: 'true',
    stdin: 'false',
  });
});

test('every argument of the command arrives in order', async ({ api }) => {
  let command: string[] = [];
  api.onExec((peer) => {
    command = peer.url.searchParams.getAll('command');
    success(peer);
  });
  await execInPod(api.cluster(), container, ['sh', '-c', 'echo "a b" & c=d', ''], options);
  expect(command).toEqual(['sh', '-c', 'echo "a b" & c=d', '']);
});

test('a status other than 0 is a result, not an error', async ({ api }) => {
  api.onExec((peer) => {
    peer.send(2, 'no such file');
    failure(peer, '42');
  });
  expect(await execInPod(api.cluster(), container, ['false'], options)).toEqual({
    stdout: '',
    stderr: 'no such file',
    exitCode: 42,
  });
});

test('a token file authenticates, without its line end', async ({ api }, info) => {
  writeFileSync(info.outputPath('token'), 'from a file\n');
  writeFileSync(info.outputPath('config'), JSON.stringify(api.kubeConfigFile({ tokenFile: 'token' })));
  api.onExec(success);
  const config = loadKubeConfig({ kubeconfig: info.outputPath('config'), context: 'test' });
  await execInPod(api.cluster({}, config), container, ['id'], options);
  expect(api.seen('GET', path)[0]?.headers.authorization).toBe('Bearer from a file');
});

for (const protocol of ['v4.channel.k8s.io', 'v5.channel.k8s.io']) {
  test(`with ${protocol}, standard input is written whole and never ended`, async ({ api }) => {
    const stdin = `${'é'.repeat(100_000)}\n{"end":true}\n`;
    const streams = new Set<number>();
    let largest = 0;
    api.onExec(
      (peer) => {
        const chunks: Buffer[] = [];
        peer.onFrame((stream, data) => {
          streams.add(stream);
          largest = Math.max(largest, data.length);
          chunks.push(data);
          const read = Buffer.concat(chunks).toString();
          if (!read.endsWith('{"end":true}\n')) return;
          peer.send(1, read);
          success(peer);
        });
      },
      [protocol],
    );
    const { stdout } = await execInPod(api.cluster(), container, ['cat'], { ...options, stdin });
    expect(stdout).toBe(stdin);
    expect([...streams]).toEqual([0]);
    expect(largest).toBeLessThanOrEqual(32 * 1024);
    expect(api.seen('GET', path)[0]?.query.stdin).toBe('true');
  });
}

test('characters cut apart by frames are put together', async ({ api }) => {
  const bytes = Buffer.from('größe');
  api.onExec((peer) => {
    for (const byte of bytes) peer.send(1, Buffer.of(byte));
    success(peer);
  });
  expect((await execInPod(api.cluster(), container, ['id'], options)).stdout).toBe('größe');
});

for (const [title, end] of [
  ['closes', (peer: ExecPeer) => peer.close()],
  ['breaks', (peer: ExecPeer) => peer.terminate()],
] as const) {
  test(`a connection that ${title} without a status is an error with the output so far`, async ({ api }) => {
    api.onExec((peer) => {
      peer.send(1, 'half');
      peer.onFrame(() => end(peer));
    });
    const error = await rejection(execInPod(api.cluster(), container, ['cat'], { ...options, stdin: 'x' }));
    expect(error).toBeInstanceOf(ExecError);
    expect(error).toMatchObject({ stdout: 'half' });
    expect(error.message).toMatch(/Lost "cat" in container agent of Pod shop\/client: the connection closed/);
  });
}

test('the connection is closed when the command has ended', async ({ api }) => {
  let closed = false;
  api.onExec((peer) => {
    peer.onClose(() => {
      closed = true;
    });
    success(peer);
  });
  await execInPod(api.cluster(), container, ['id'], options);
  await expect.poll(() => closed, { timeout: ample }).toBe(true);
});

test('a command that could not be started is an error', async ({ api }) => {
  const message = 'exec: "nope": executable file not found in $PATH';
  api.onExec((peer) => peer.send(3, JSON.stringify({ status: 'Failure', reason: 'InternalError', message })));
  const error = await rejection(execInPod(api.cluster(), container, ['nope'], options));
  expect(error).toBeInstanceOf(ExecError);
  expect(error.message).toBe(`Could not run "nope" in container agent of Pod shop/client: ${message}`);
});

test('a status that cannot be read is an error', async ({ api }) => {
  api.onExec((peer) => peer.send(3, 'command terminated'));
  const error = await rejection(execInPod(api.cluster(), container, ['id'], options));
  expect(error).toBeInstanceOf(ExecError);
  expect(error.message).toContain('its status cannot be read: command terminated');
});

test('a close frame of the server on channel 255 harms nothing', async ({ api }) => {
  api.onExec((peer) => {
    peer.send(255, Buffer.of(1));
    peer.send(1, 'after');
    success(peer);
  });
  expect((await execInPod(api.cluster(), container, ['id'], options)).stdout).toBe('after');
  expect(process.stdout.writable).toBe(true);
});

test('a command that does not end in time is an error with the output so far', async ({ api }) => {
  api.onExec((peer) => peer.send(1, 'still here'));
  const error = await rejection(execInPod(api.cluster(), container, ['sleep'], { timeoutMs: 1_500 }));
  expect(error).toBeInstanceOf(ExecError);
  expect(error).toMatchObject({ stdout: 'still here' });
  expect(error.message).toContain('it did not end within 1.5 s');
});

test('a server that never answers the upgrade is given up in time', async ({ api }) => {
  api.on('GET', path, () => {});
  const error = await rejection(execInPod(api.cluster(), container, ['id'], { timeoutMs: 500 }));
  expect(error).toBeInstanceOf(ExecError);
});

test('a refused upgrade tells what the server said', async ({ api }) => {
  api.on('GET', path, (_, answer) =>
    answer.refuse(400, 'BadRequest', 'container agent is not valid for pod client'),
  );
  const error = await rejection(execInPod(api.cluster(), container, ['id'], options));
  expect(error).toMatchObject({ status: 400, reason: 'BadRequest' });
  expect(error.message).toContain('container agent is not valid for pod client');
});

test('an upgrade that is not allowed says which permission is missing', async ({ api }) => {
  const said = 'pods "client" is forbidden: User "x" cannot create resource "pods/exec" in API group ""';
  api.on('GET', path, (_, answer) => answer.refuse(403, 'Forbidden', said));
  const error = await rejection(execInPod(api.cluster(), container, ['id'], options));
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(error.message).toContain('pods/exec client in namespace shop');
});

test('a server that is not there is an error', async ({ api }) => {
  const cluster = api.cluster();
  await api.stop();
  const error = await rejection(execInPod(cluster, container, ['id'], options));
  expect(error).toBeInstanceOf(ExecError);
  expect(error.message).toContain('ECONNREFUSED');
});
