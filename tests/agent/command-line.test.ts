import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { runBatch } from '../../fixtures/agent/batch.ts';
import type { Echo, Observation } from '../../fixtures/agent/protocol.ts';
import { answering, test as base, probe } from './harness.ts';

const folder = fileURLToPath(new URL('../../fixtures/agent/', import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts Node with arguments, as a pod would: with nothing inherited. Whatever still runs is killed at the end. */
const test = base.extend<{ node: (...args: string[]) => Child }>({
  node: async ({}, use) => {
    const children: Child[] = [];
    await use((...args) => {
      const env = { POD_NAME: 'echo-1', POD_NAMESPACE: 'here' };
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
      child.stdin.on('error', () => {});
      children.push(child);
      return child;
    });
    for (const child of children) child.kill('SIGKILL');
  },
});

async function outcome(child: Child): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const [[status], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

/** Starts the echo server and waits until it says that it listens. */
async function serving(child: Child): Promise<{ http: number; tcp: number; banner: number }> {
  child.stdout.setEncoding('utf8');
  let said = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    said += piece;
    const ports = /^listening: http (\d+), tcp (\d+), banner (\d+)\n/.exec(said);
    if (ports !== null) return { http: Number(ports[1]), tcp: Number(ports[2]), banner: Number(ports[3]) };
  }
  throw new Error(`The echo server ended after saying ${JSON.stringify(said)}`);
}

const agent = join(folder, 'agent.ts');
const serveAnywhere = ['serve', '--port', '0', '--tcp', '0', '--banner', '0', '--host', '127.0.0.1'];

test('probe answers every request of a batch, ends, and needs no end of its input', async ({
  node,
  listen,
}) => {
  // More than a pipe holds, so that the end must wait for the reader.
  const body = 'x'.repeat(4096);
  const port = await listen(answering(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
  const batch = Array.from({ length: 50 }, (_none, index) => probe({ port, connection: `c${index % 5}` }));
  const child = node(agent, 'probe');
  for (const request of batch) child.stdin.write(`${JSON.stringify(request)}\n`);
  child.stdin.write('{"end":true,"parallel":2}\n');
  const { status, stdout, stderr } = await outcome(child);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const observations = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation);
  expect(observations.map(({ id }) => id).sort()).toEqual(batch.map(({ id }) => id).sort());
  expect(observations.every(({ response }) => response?.body === body)).toBe(true);
});

test('probe names the line that it cannot read, and sends nothing', async ({ node, listen }) => {
  let connections = 0;
  const port = await listen(
    answering('').on('connection', () => {
      connections += 1;
    }),
  );
  const child = node(agent, 'probe');
  child.stdin.end(`${JSON.stringify(probe({ port }))}\n{"id":"x","hots":"y"}\n{"end":true}\n`);
  expect(await outcome(child)).toEqual({
    status: 2,
    stdout: '',
    stderr: 'Line 2: "hots" is not a field of the protocol.\n',
  });
  expect(connections).toBe(0);
});

test('prober answers thousands of probes in one batch, and keeps their connections for the next', async ({
  node,
}) => {
  const { http: port } = await serving(node(agent, ...serveAnywhere));
  const child = node(agent, 'prober');
  child.stdout.setEncoding('utf8');
  const size = 5000;
  const batch = () =>
    Array.from({ length: size }, (_none, index) =>
      probe({ port, connection: `c${index % 16}`, http: { method: 'GET', target: `/${index}` } }),
    );
  const [first, second] = [batch(), batch()];
  let said = '';
  for (const requests of [first, second]) {
    child.stdin.write([...requests, { end: true }].map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  child.stdin.end();
  for await (const piece of child.stdout) said += piece;
  const answers = said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Observation | { end: true });
  const ends = answers.flatMap((answer, index) => ('end' in answer ? [index] : []));
  expect(ends).toEqual([size, 2 * size + 1]);
  const observations = new Map(answers.flatMap((answer) => ('end' in answer ? [] : [[answer.id, answer]])));
  for (const requests of [first, second]) {
    const wrong = requests.filter(({ id, http }) => {
      const { response } = observations.get(id) ?? {};
      return response === undefined || (JSON.parse(response.body) as Echo).target !== http?.target;
    });
    expect(wrong).toEqual([]);
  }
  const opened = (requests: typeof first) =>
    requests.filter(({ id }) => !observations.get(id)?.reused).length;
  expect([opened(first), opened(second)]).toEqual([16, 0]);
});

test('serve answers HTTP/1.1, HTTP/2 and TCP, and tells who it is', async ({ node }) => {
  const { http, tcp, banner } = await serving(node(agent, ...serveAnywhere));
  const [one, two] = await runBatch([probe({ port: http }), probe({ port: http, protocol: 'h2' })]);
  const identity = { pod: 'echo-1', namespace: 'here' };
  expect(JSON.parse(one!.response!.body) as Echo).toMatchObject({ ...identity, httpVersion: '1.1' });
  expect(JSON.parse(two!.response!.body) as Echo).toMatchObject({ ...identity, httpVersion: '2' });
  const socket = connect(tcp, '127.0.0.1');
  socket.write('hello');
  expect(String((await once(socket, 'data'))[0])).toBe('hello');
  socket.destroy();
  const greeted = connect(banner, '127.0.0.1');
  expect(String((await once(greeted, 'data'))[0])).toBe('alp-conformance banner\n');
  greeted.destroy();
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`serve ends at once with status 0 on ${signal}, whoever is connected`, async ({ node }) => {
    const child = node(agent, ...serveAnywhere);
    const { http } = await serving(child);
    const socket = connect(http, '127.0.0.1').on('error', () => {});
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    socket.destroy();
  });
}

const wrong: [args: string[], sentence: RegExp][] = [
  [[], /^No command is given; /],
  [['toString'], /^"toString" is no command; /],
  [['probe', '--parallel', '3'], /^Unknown option '--parallel'; /],
  [['serve'], /^serve needs --port; /],
  [['serve', '--port', '80', '--banner', '70000'], /^--banner takes port numbers up to 65535, not "70000"; /],
  [['serve', '--port', '80,x'], /^--port takes port numbers up to 65535, not "x"; /],
];
for (const [args, sentence] of wrong) {
  test(`the usage is explained in one line to "${args.join(' ')}"`, async ({ node }) => {
    const { status, stdout, stderr } = await outcome(node(agent, ...args));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^[^\n]*; the usage is: node agent\.ts [^\n]*\n$/);
  });
}

test('serve says in one line that a port is taken', async ({ node, listen }) => {
  const port = await listen(answering(''));
  const child = node(agent, 'serve', '--port', String(port), '--host', '127.0.0.1');
  const { status, stderr } = await outcome(child);
  expect(status).toBe(1);
  expect(stderr).toBe(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
});

test('it runs from a mounted ConfigMap, alone and flat behind links', async ({ node }, testInfo) => {
  const mount = testInfo.outputPath('agent');
  await mkdir(mount);
  const data = join(mount, '..2026_11_23');
  const files = await readdir(folder);
  await cp(folder, data, { recursive: true });
  await symlink('..2026_11_23', join(mount, '..data'));
  for (const file of files) await symlink(join('..data', file), join(mount, file));
  const child = node(join(mount, 'agent.ts'), 'probe');
  child.stdin.end('{"end":true}\n');
  expect(await outcome(child)).toEqual({ status: 0, stdout: '', stderr: '' });

  const sizes = await Promise.all(files.map(async (file) => stat(join(folder, file))));
  expect(sizes.every((entry) => entry.isFile())).toBe(true);
  expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(200 * 1024);
});

test('nothing of a batch keeps a process alive', async ({ node, listen }) => {
  const silent = await listen(answering(''));
  const kept = await listen(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  const batch = [
    probe({ port: kept, connection: 'one' }),
    probe({ port: silent, timeoutMs: 100 }),
    probe({ port: silent, protocol: 'h2', timeoutMs: 100 }),
    probe({ port: silent, protocol: 'tcp', payload: '', timeoutMs: 100 }),
    probe({ port: silent, tls: {}, timeoutMs: 100 }),
  ];
  const script = `
    import { runBatch } from ${JSON.stringify(join(folder, 'batch.ts'))};
    const observations = await runBatch(${JSON.stringify(batch)});
    console.log(observations.map(({ error }) => error?.code ?? 'ok').join());
  `;
  const { status, stdout, stderr } = await outcome(node('--input-type=module', '--eval', script));
  expect(stderr).toBe('');
  expect(stdout).toBe('ok,ETIMEDOUT,ETIMEDOUT,ETIMEDOUT,ETIMEDOUT\n');
  expect(status).toBe(0);
});
