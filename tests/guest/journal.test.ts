import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { isAlive, Journal, type JournalEntry } from '../../fixtures/guest/journal.ts';
import { configMap, guestOf, shopCluster, test } from './fixture.ts';

const create = (name: string): JournalEntry => ({ op: 'create', group: 'a', ref: refOf(configMap(name)) });

test('a journal that was never written has no entries and is not restored', ({ journal }) => {
  expect(journal.read()).toEqual([]);
  expect(journal.restored).toBe(false);
});

test('entries are read in the order written, whatever their text holds', ({ journal }) => {
  const entries: JournalEntry[] = [
    create('a'),
    { op: 'created', group: 'a', ref: refOf(configMap('a')), uid: 'u' },
    {
      op: 'patch',
      group: 'b\nline',
      ref: refOf(configMap('b')),
      before: configMap('b', { text: 'two\nlines "quoted" \u2028 é' }),
      patch: { data: { text: null } },
    },
    { op: 'install', group: 'c', installer: 'istioctl', createdNamespace: true },
  ];
  for (const entry of entries) journal.write(entry);
  expect(new Journal(journal.file).read()).toEqual(entries);
});

test('a journal is restored when that is the last thing it says', ({ journal }) => {
  journal.write(create('a'));
  journal.write({ op: 'restored', group: 'end' });
  expect(journal.restored).toBe(true);
  journal.write(create('b'));
  expect(journal.restored).toBe(false);
});

test('a last line cut short anywhere announces nothing, and spoils nothing written after it', ({
  journal,
}) => {
  journal.write(create('a'));
  const whole = readFileSync(journal.file).length;
  journal.write(create('b'));
  const full = readFileSync(journal.file);
  for (let length = whole; length < full.length - 2; length++) {
    writeFileSync(journal.file, full.subarray(0, length));
    expect(journal.read(), `cut to ${length} bytes`).toEqual([create('a')]);
  }
  truncateSync(journal.file, full.length - 10);
  journal.write(create('c'));
  expect(journal.read()).toEqual([create('a'), create('c')]);
  journal.write({ op: 'restored', group: 'end' });
  expect(journal.restored).toBe(true);
});

test('a line that another process cut short in the middle of a character is passed over', ({ journal }) => {
  journal.write(create('a'));
  appendFileSync(journal.file, Buffer.concat([Buffer.from('\n{"op":"create","group":"'), Buffer.of(0xc3)]));
  journal.write(create('b'));
  expect(journal.read()).toEqual([create('a'), create('b')]);
});

test('processes that write at once lose nothing of one another', async ({ journal }) => {
  const module = new URL('../../fixtures/guest/journal.ts', import.meta.url).href;
  const program = `
    const { Journal } = await import(${JSON.stringify(module)});
    const journal = new Journal(process.argv[1]);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'x'.repeat(20_000) };
    for (let i = 0; i < 10; i++) journal.write({ op: 'create', group: process.argv[2] + i, ref });
  `;
  const writers = ['a', 'b', 'c'];
  await Promise.all(
    writers.map((name) =>
      execa(process.execPath, ['--input-type=module', '-e', program, journal.file, name]),
    ),
  );
  const groups = journal.read().map(({ group }) => group);
  const numbers = Array.from({ length: 10 }, (_, index) => index);
  expect([...groups].sort()).toEqual(writers.flatMap((name) => numbers.map((number) => `${name}${number}`)));
  for (const name of writers) {
    const own = groups.filter((group) => group.startsWith(name));
    expect(own, 'each in its own order').toEqual(numbers.map((number) => `${name}${number}`));
  }
});

test('every change is on disk before it is sent', async ({ journal }) => {
  const there = configMap('there');
  const cluster = shopCluster(there);
  const announced: [write: string, entry: JournalEntry | undefined][] = [];
  cluster.onWrite = (write) => announced.push([write, new Journal(journal.file).read().at(-1)]);
  const guest = guestOf(cluster, journal, 'a step');
  await guest.create(configMap('new'));
  const before = cluster.at(refOf(there));
  await guest.patch(refOf(there), { data: { a: '2' } });
  expect(announced).toEqual([
    ['apply ConfigMap shop/new', { op: 'create', group: 'a step', ref: refOf(configMap('new')) }],
    [
      'patch ConfigMap shop/there',
      { op: 'patch', group: 'a step', ref: refOf(there), before, patch: { data: { a: '2' } } },
    ],
  ]);
});

test('a worker whose run has ended changes nothing more', async ({ journal }) => {
  const { pid } = await ended();
  const cluster = shopCluster();
  const orphaned = new Journal(journal.file, pid);
  await expect(guestOf(cluster, orphaned).create(configMap('new'))).rejects.toThrow('has ended');
  expect(cluster.writes).toEqual([]);
  const owned = new Journal(journal.file, process.pid);
  await guestOf(cluster, owned).create(configMap('new'));
  expect(cluster.writes).toEqual(['apply ConfigMap shop/new']);
});

/** A process that is there no more. */
async function ended(): Promise<{ pid: number }> {
  const child = execa(process.execPath, ['--version']);
  await child;
  return { pid: child.pid as number };
}

test('a process that was killed is not alive, even before its parent has taken note', async () => {
  // biome-ignore lint/suspicious/noSkippedTests: elsewhere there is no such thing to see.
  test.skip(process.platform !== 'linux', 'needs Linux, where a zombie can be told');
  // The shell gives way to a program that never takes note of the end of its child.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = Number(line.toString().trim());
  expect(isAlive(child)).toBe(true);
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
  process.kill(child, 'SIGKILL');
  await expect.poll(() => isAlive(child)).toBe(false);
  expect(() => process.kill(child, 0), 'it can still be signalled').not.toThrow();
  parent.kill();
});
