import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { runBatch } from '../../../fixtures/agent/batch.ts';
import type { Echo, Observation, ProbeRequest } from '../../../fixtures/agent/protocol.ts';
import { agentProgram } from '../../../reference/workloads/agent.ts';
import { probe } from '../../agent/harness.ts';
import { address, type Running, start } from './container.ts';

const command = [
  'node',
  '/agent/agent.ts',
  'serve',
  '--port',
  '8080,8081',
  '--tcp',
  '9001',
  '--banner',
  '9002',
];

const toEcho = (request: Partial<ProbeRequest> = {}) => probe({ host: address, port: 8080, ...request });

/** Runs a command in the container with these lines as its input, left open when there is no end. */
async function exec(
  { context }: Running,
  args: string[],
  lines: readonly unknown[],
  options: { signal?: AbortSignal; end?: boolean; bare?: boolean } = {},
): Promise<{ status: number | undefined; stdout: string; stderr: string }> {
  const { signal = new AbortController().signal, end = true, bare = false } = options;
  const words = bare ? args : ['node', '/agent/agent.ts', ...args];
  const said = { stdout: '', stderr: '' };
  async function* stdin() {
    for (const line of lines)
      yield Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    if (!end) await once(signal, 'abort');
  }
  const status = await agentProgram.exec?.(context, words, {
    stdin: stdin(),
    stdout: (chunk) => {
      said.stdout += chunk;
    },
    stderr: (chunk) => {
      said.stderr += chunk;
    },
    signal,
  });
  return { status, ...said };
}

function observationsOf(stdout: string): (Observation | { end: true })[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation | { end: true });
}

test('is known by its command', () => {
  const runs = (words: string[], args?: string[]) =>
    agentProgram.runs(
      { name: 'agent', image: 'node:24', command: words, ...(args && { args }) },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } },
    );
  expect(runs(command)).toBe(true);
  expect(runs(command.slice(0, 2), command.slice(2))).toBe(true);
  expect(runs(['node', '/agent/agent.ts', 'prober'])).toBe(false);
  expect(runs(['node', 'server.js'])).toBe(false);
});

test('serves the echo on every port and says who it is', async () => {
  const { client, logged, ready } = await start(agentProgram, { command });
  expect(ready()).toBe(true);
  const connect = ({ host, port }: ProbeRequest) => client.connect({ host, port });
  const batch = [toEcho(), toEcho({ port: 8081 }), toEcho({ protocol: 'h2' })];
  const observations = await runBatch(batch, { connect });
  const echoes = observations.map(({ response }) => JSON.parse(response?.body ?? '{}') as Echo);
  expect(echoes.map(({ pod, namespace }) => `${pod}/${namespace}`)).toEqual(Array(3).fill('echo-1/here'));
  expect(echoes.map(({ peer }) => peer.split(':')[0])).toEqual(Array(3).fill('10.0.0.2'));
  expect(logged[0]).toBe('listening: http 8080,8081, tcp 9001, banner 9002');
  expect(logged.slice(1).sort()).toEqual(batch.map(({ id }) => `GET / alp-conformance/${id}`).sort());
});

test('gives back the bytes of its TCP port', async () => {
  const { client } = await start(agentProgram, { command });
  const connect = ({ host, port }: ProbeRequest) => client.connect({ host, port });
  const request = toEcho({ port: 9001, protocol: 'tcp', payload: 'hello', timeoutMs: 300 });
  const [observation] = await runBatch([request], { connect });
  expect(observation?.text).toBe('hello');
});

test('speaks first on its banner port, and then gives back what comes', async () => {
  const { client } = await start(agentProgram, { command });
  const socket = client.connect({ host: address, port: 9002 });
  expect(String((await once(socket, 'data'))[0])).toBe('alp-conformance banner\n');
  socket.write('hello');
  expect(String((await once(socket, 'data'))[0])).toBe('hello');
});

test('answers gRPC, and sends back what comes over a WebSocket', async () => {
  const { client } = await start(agentProgram, { command });
  const connect = ({ host, port }: ProbeRequest) => client.connect({ host, port });
  const http = { method: 'POST', target: '/a.B/C' };
  const [called, opened] = await runBatch(
    [
      toEcho({ protocol: 'grpc', http }),
      toEcho({ protocol: 'websocket', http: { ...http, method: 'GET' }, payload: 'to and fro' }),
    ],
    { connect },
  );
  expect(called?.response).toMatchObject({ status: 200, grpcStatus: 0 });
  expect(opened).toMatchObject({ response: { status: 101 }, text: 'to and fro' });
});

test('ends itself on a signal', async () => {
  const running = await start(agentProgram, { command });
  for (const words of [
    ['kill', '2'],
    ['kill', '-9', '1'],
  ]) {
    expect((await exec(running, words, [], { bare: true })).status).toBeUndefined();
  }
  expect((await exec(running, ['node', '-e', 'process.kill(1)'], [], { bare: true })).status).toBe(0);
  await expect.poll(running.exited).toBe(0);
});

test('stops serving and ends its connections with its container', async () => {
  const { client, stop } = await start(agentProgram, { command });
  const socket = client.connect({ host: address, port: 8080 }).on('error', () => {});
  await once(socket, 'connect');
  stop();
  await once(socket.resume(), 'end');
  const connect = ({ host, port }: ProbeRequest) => client.connect({ host, port });
  const [after] = await runBatch([toEcho({ connectTimeoutMs: 300 })], { connect });
  expect(after?.error).toMatchObject({ stage: 'connect', code: 'ECONNREFUSED' });
});

test('cannot start without a port', async () => {
  await expect(start(agentProgram, { command: command.slice(0, 3) })).rejects.toThrow('serve needs --port');
});

test('probe sends one batch over the network of the pod', async () => {
  const running = await start(agentProgram, { command });
  const batch = [toEcho(), toEcho({ port: 1 }), toEcho({ host: 'nowhere.here.svc' })];
  const { status, stdout, stderr } = await exec(running, ['probe'], [...batch, { end: true }], {
    end: false,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const byId = new Map(observationsOf(stdout).map((one) => ['id' in one ? one.id : '', one]));
  expect(batch.map(({ id }) => byId.get(id))).toMatchObject([
    { response: { status: 200, headers: { 'x-alp-echo': ['echo-1/here'] } } },
    { error: { stage: 'connect', code: 'ECONNREFUSED' } },
    { error: { stage: 'resolve', code: 'ENOTFOUND' } },
  ]);
});

test('prober answers batch after batch, each with its end', async () => {
  const running = await start(agentProgram, { command });
  const lines = [toEcho(), { end: true }, { end: true }, toEcho(), toEcho(), { end: true, parallel: 1 }];
  const { status, stdout } = await exec(running, ['prober'], lines);
  expect(status).toBe(0);
  const ends = observationsOf(stdout).map((one) => 'end' in one);
  expect(ends).toEqual([false, true, true, false, false, true]);
});

const wrong: [title: string, args: string[], lines: unknown[], stderr: string][] = [
  [
    'a line that is no probe',
    ['prober'],
    [{ id: 'x', hots: 'y' }],
    'Line 1: "hots" is not a field of the protocol.\n',
  ],
  [
    'a batch without its end',
    ['probe'],
    [toEcho()],
    'Line 2: the input ended before {"end":true}, so nothing was sent.\n',
  ],
  [
    'an option',
    ['probe', '--parallel'],
    [],
    "Unknown option '--parallel'; the usage is: node agent.ts probe\n",
  ],
];
for (const [title, args, lines, stderr] of wrong) {
  test(`${title} is refused with status 2 and a sentence`, async () => {
    const running = await start(agentProgram, { command });
    expect(await exec(running, args, lines)).toEqual({ status: 2, stdout: '', stderr });
    expect(running.logged).toHaveLength(1);
  });
}

test('a prober ends with its client, and ends its connections', async () => {
  const running = await start(agentProgram, { command });
  const closed = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  running.client.listen(80, (socket) => {
    socket.on('end', () => closed.resolve());
    socket.resume();
    opened.resolve();
  });
  const gone = new AbortController();
  const lines = [toEcho({ host: '10.0.0.2', port: 80 }), { end: true }];
  const ended = exec(running, ['prober'], lines, { signal: gone.signal, end: false });
  await opened.promise;
  gone.abort();
  expect((await ended).status).toBe(137);
  await closed.promise;
});

test('other commands are not there', async () => {
  const running = await start(agentProgram, { command });
  expect((await exec(running, ['bench'], [])).status).toBeUndefined();
  const { context } = running;
  const streams = { stdin: [] as never, stdout: () => {}, stderr: () => {}, signal: context.signal };
  expect(await agentProgram.exec?.(context, ['sh', '-c', 'ls'], streams)).toBeUndefined();
});
