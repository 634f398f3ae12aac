import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { ApiError } from '../../../fixtures/cluster/errors.ts';
import { execInPod, startInPod } from '../../../fixtures/cluster/exec.ts';
import { podLogs } from '../../../fixtures/cluster/logs.ts';
import type { ApiServer } from '../../../reference/api/server.ts';
import { badRequest, StatusError } from '../../../reference/store/status-error.ts';
import { ample, test as base, pod, rejection } from './fixture.ts';
import { followLines } from './follow.ts';
import { raw } from './raw.ts';

const container = { namespace: 'shop', pod: 'web', container: 'main' };
const options = { timeoutMs: ample };
const execPath = '/api/v1/namespaces/shop/pods/web/exec';
const logPath = '/api/v1/namespaces/shop/pods/web/log';

const test = base.extend<{ web: undefined }>({
  web: [
    async ({ mesh }, use) => {
      mesh.store.create(pod('web', { containers: [{ name: 'main' }, { name: 'second' }] }));
      await use(undefined);
    },
    { auto: true },
  ],
});

/** A bare WebSocket for one subprotocol. */
function connect(
  { url, ca, clientCertificate, clientKey }: ApiServer,
  protocols: string[],
  query: string,
): WebSocket {
  return new WebSocket(`${url.replace('https', 'wss')}${execPath}?container=main&${query}`, protocols, {
    ca,
    cert: clientCertificate,
    key: clientKey,
  });
}

/** The frames of a session until it closes, as stream and text, and how it closed. */
async function session(socket: WebSocket): Promise<{ frames: [number, string][]; code: number }> {
  const frames: [number, string][] = [];
  socket.on('message', (data: Buffer) => frames.push([data[0] ?? -1, data.subarray(1).toString()]));
  const code = await new Promise<number>((resolve) => socket.on('close', resolve));
  return { frames, code };
}

test('the suite gets output by stream, and the exit status', async ({ mesh: { pods, cluster } }) => {
  pods.command = async ({ stdout, stderr }, command) => {
    stdout(command.join(' '));
    stderr('warned');
    return 7;
  };
  expect(await execInPod(cluster, container, ['sh', '-c', 'a "b" & c=d', ''], options)).toEqual({
    stdout: 'sh -c a "b" & c=d ',
    stderr: 'warned',
    exitCode: 7,
  });
});

test('standard input arrives whole, and output as it is written', async ({ mesh: { pods, cluster } }) => {
  const text = `${'é'.repeat(100_000)}\n`;
  pods.command = async ({ stdin, stdout }) => {
    let read = '';
    for await (const chunk of stdin) {
      read += chunk.toString('latin1');
      if (!read.endsWith('\n')) continue;
      stdout(Buffer.from(read, 'latin1'));
      return 0;
    }
    return 1;
  };
  expect(await execInPod(cluster, container, ['cat'], { ...options, stdin: text })).toMatchObject({
    stdout: text,
    exitCode: 0,
  });
});

test('a client that drops the connection ends input and command', async ({ mesh: { pods, cluster } }) => {
  const ended = Promise.withResolvers<string>();
  pods.command = async ({ stdin, stdout, signal }) => {
    stdout('here');
    let read = '';
    for await (const chunk of stdin) read += chunk;
    ended.resolve(`${read} ${signal.aborted}`);
    return 0;
  };
  const running = await startInPod(cluster, container, ['cat'], { stdin: true, timeoutMs: ample });
  running.write('hello');
  running.drop('enough');
  expect(await ended.promise).toBe('hello true');
});

test('client-node itself execs, and ends its input by a close frame', async ({ mesh: { pods, config } }) => {
  pods.command = async ({ stdin, stdout }) => {
    for await (const chunk of stdin) stdout(chunk);
    return 0;
  };
  const stdout = new PassThrough();
  const output = buffer(stdout);
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(
        'shop',
        'web',
        'main',
        ['cat'],
        stdout,
        null,
        Readable.from([Buffer.from('hello')]),
        false,
        resolve,
      )
      .catch(reject);
  });
  expect(status.status).toBe('Success');
  expect((await output).toString()).toBe('hello');
});

test('the first subprotocol of the client that is known is taken', async ({ mesh: { server } }) => {
  for (const [offered, taken] of [
    [['v4.channel.k8s.io', 'v5.channel.k8s.io'], 'v4.channel.k8s.io'],
    [['v9.channel.k8s.io', 'v5.channel.k8s.io'], 'v5.channel.k8s.io'],
  ] as const) {
    const socket = connect(server, [...offered], 'command=id&stdout=true');
    expect(await session(socket)).toMatchObject({ code: 1000 });
    expect(socket.protocol).toBe(taken);
  }
});

test('all output comes before the status, then the socket closes', async ({ mesh: { pods, server } }) => {
  pods.command = async ({ stdout, stderr }) => {
    stdout('early');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    stderr('late');
    stdout('');
    return 3;
  };
  const { frames, code } = await session(
    connect(server, ['v5.channel.k8s.io'], 'command=id&stdout=true&stderr=true'),
  );
  expect(frames.map(([stream]) => stream)).toEqual([1, 2, 3]);
  expect(JSON.parse(frames[2]?.[1] ?? '')).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  });
  expect(code).toBe(1000);
});

test('streams that were not asked for stay silent', async ({ mesh: { pods, server } }) => {
  pods.command = async ({ stdin, stdout, stderr }) => {
    stdout('out');
    stderr('err');
    for await (const _ of stdin) return 1;
    return 0;
  };
  const { frames } = await session(connect(server, ['v4.channel.k8s.io'], 'command=id&stderr=true'));
  expect(frames).toEqual([
    [2, 'err'],
    [3, JSON.stringify({ metadata: {}, status: 'Success' })],
  ]);
});

test('v5 ends the input and still hears the output', async ({ mesh: { pods, server } }) => {
  pods.command = async ({ stdin, stdout, signal }) => {
    let bytes = 0;
    for await (const chunk of stdin) bytes += chunk.length;
    stdout(`${bytes} ${signal.aborted}`);
    return 0;
  };
  const socket = connect(server, ['v5.channel.k8s.io'], 'command=wc&stdin=true&stdout=true');
  socket.on('open', () => {
    socket.send(Buffer.from('\0four'));
    socket.send(Buffer.of(255, 0));
  });
  expect((await session(socket)).frames[0]).toEqual([1, '4 false']);
});

test('a command that cannot be run once it began fails in its status', async ({ mesh: { pods, server } }) => {
  pods.command = async () => {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    throw new StatusError(500, 'InternalError', 'no such file');
  };
  const { frames } = await session(connect(server, ['v4.channel.k8s.io'], 'command=id&stdout=true'));
  expect(JSON.parse(frames[0]?.[1] ?? '')).toMatchObject({
    status: 'Failure',
    reason: 'InternalError',
    message: 'no such file',
  });
});

test('what the node cannot start fails in its status too, as the connection is there by then', async ({
  mesh: { pods, server },
}) => {
  pods.command = async () => {
    throw new StatusError(500, 'InternalError', 'executable file not found');
  };
  const { frames, code } = await session(connect(server, ['v5.channel.k8s.io'], 'command=id&stdout=true'));
  expect(frames.map(([stream]) => stream)).toEqual([3]);
  expect(JSON.parse(frames[0]?.[1] ?? '')).toMatchObject({ message: 'executable file not found' });
  expect(code).toBe(1000);
});

const refusals: [string, object, Record<string, unknown>][] = [
  ['no such pod', { pod: 'none' }, { status: 404, said: 'pods "none" not found' }],
  [
    'no such container',
    { container: 'none' },
    { status: 400, said: 'container none is not valid for pod web' },
  ],
  [
    'several containers to choose from',
    { container: '' },
    { status: 400, said: 'a container name must be specified for pod web, choose one of: [main second]' },
  ],
];
for (const [title, change, expected] of refusals) {
  test(`exec is refused before the upgrade: ${title}`, async ({ mesh: { cluster } }) => {
    const error = await rejection(execInPod(cluster, { ...container, ...change }, ['id'], options));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject(expected);
  });
}

test('what the kubelet refuses at once is refused before the upgrade', async ({
  mesh: { pods, cluster },
}) => {
  pods.command = async () => {
    throw new StatusError(400, 'BadRequest', 'container main is not running');
  };
  expect(await rejection(execInPod(cluster, container, ['id'], options))).toMatchObject({
    status: 400,
    said: 'container main is not running',
  });
});

const badUpgrades: [string, string, Record<string, string>][] = [
  ['SPDY', 'POST', { connection: 'Upgrade', upgrade: 'SPDY/3.1' }],
  ['no subprotocol', 'GET', { connection: 'Upgrade', upgrade: 'websocket' }],
  [
    'an old subprotocol',
    'GET',
    { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-protocol': 'channel.k8s.io' },
  ],
];
for (const [title, method, headers] of badUpgrades) {
  test(`exec is refused over ${title}, in a sentence`, async ({ mesh: { server } }) => {
    const answer = await raw(server, `${execPath}?command=id&container=main&stdout=true`, {
      method,
      headers,
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ kind: 'Status', message: expect.stringContaining('exec ') });
  });
}

test('exec without an upgrade is refused', async ({ mesh: { server } }) => {
  const query = 'command=id&container=main&stdout=true';
  expect((await raw(server, `${execPath}?${query}`)).status).toBe(400);
  expect((await raw(server, `${execPath}?${query}`, { method: 'POST' })).status).toBe(400);
});

test('exec wants the certificate too', async ({ mesh: { server } }) => {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  };
  expect((await raw(server, `${execPath}?command=id&stdout=true`, { headers, anonymous: true })).status).toBe(
    401,
  );
});

test('a log is plain text, of what the query asks', async ({ mesh: { pods, cluster, server } }) => {
  pods.log = 'one\ntwo\n';
  const asked = { sinceSeconds: 5, tailLines: 2, previous: true, limitBytes: 100, timestamps: true };
  expect(await podLogs(cluster, container, asked)).toBe('one\ntwo\n');
  expect(pods.asked).toEqual([{ container: 'main', options: asked }]);
  expect((await raw(server, `${logPath}?container=second`)).contentType).toMatch(/^text\/plain/);
  expect(pods.asked[1]).toEqual({ container: 'second', options: {} });
});

test('a log may begin at a moment', async ({ mesh: { pods, server } }) => {
  const time = new Date(Date.now() - 60_000).toISOString();
  await raw(server, `${logPath}?container=main&sinceTime=${time}`);
  const { sinceSeconds } = pods.asked[0]?.options ?? {};
  expect(sinceSeconds).toBeGreaterThanOrEqual(60);
  expect(sinceSeconds).toBeLessThan(120);
});

test('a log that cannot be had is a Status', async ({ mesh: { server } }) => {
  for (const query of [
    '',
    'container=absent',
    'container=absent&follow=true',
    'container=main&tailLines=x',
    'container=main&sinceTime=yesterday',
    'container=main&sinceTime=2026-01-01T00:00:00Z&sinceSeconds=1',
  ]) {
    const answer = await raw(server, `${logPath}?${query}`);
    expect([answer.status, answer.json().kind]).toEqual([400, 'Status']);
  }
});

test('what the kubelet says of a log is a Status too, also when it would be followed', async ({ mesh }) => {
  mesh.pods.refusal = badRequest('container main has not started');
  for (const query of ['container=main', 'container=main&follow=true']) {
    const answer = await raw(mesh.server, `${logPath}?${query}`);
    expect(answer.json()).toMatchObject({ code: 400, message: 'container main has not started' });
  }
});

test('a followed log comes line by line, until its end', async ({ mesh: { pods, server } }) => {
  pods.log = 'one\n';
  const log = await followLines(server, `${logPath}?container=main&follow=true`);
  expect(await log.next()).toBe('one');
  pods.followers[0]?.write('two\n');
  expect(await log.next()).toBe('two');
  pods.followers[0]?.end();
  expect((await rejection(log.next())).message).toBe('The stream has ended.');
});

test('a log is no longer followed when the client is gone', async ({ mesh: { pods, server } }) => {
  pods.log = 'one\n';
  const log = await followLines(server, `${logPath}?container=main&follow=true`);
  await log.next();
  log.drop();
  await expect.poll(() => pods.stopped).toBe(1);
});
