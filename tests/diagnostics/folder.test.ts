import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { claimFolder } from '../../fixtures/diagnostics/claim.ts';
import { Collection } from '../../fixtures/diagnostics/collection.ts';
import { Folder } from '../../fixtures/diagnostics/folder.ts';
import { atOnce, type Limits } from '../../fixtures/diagnostics/limits.ts';
import { folderOfTest, safePath } from '../../fixtures/diagnostics/names.ts';
import { makeSecrets, signsIn } from './secrets.ts';

const limits: Limits = { fileBytes: 2_000, folderBytes: 22_000, pods: 2, logLines: 10, timeMs: 5_000 };

const read = (folder: Folder, file: string) => readFileSync(join(folder.path, file), 'utf8');

test('what an earlier run has left in the folder is gone, and nothing beside it', async ({}, info) => {
  const beside = info.outputPath('diagnostics', 'HTTP-01', 'transcript.ndjson');
  const path = info.outputPath('diagnostics', 'HTTP-01', 'http-methods');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'old.log'), 'old');
  writeFileSync(beside, 'kept');
  const folder = await Folder.make(path, limits);
  await folder.write('new.log', 'new');
  expect(readdirSync(path)).toEqual(['new.log']);
  expect(readFileSync(beside, 'utf8')).toBe('kept');
});

test('a file is on the disk as soon as it is written, redacted and within its bound', async ({}, info) => {
  const { keys, token } = await makeSecrets();
  const folder = await Folder.make(info.outputPath('folder'), limits);
  await folder.write('a/b.log', `${keys.rsa}\n${token}\n${'a line of a log\n'.repeat(1_000)}`);
  const text = read(folder, 'a/b.log');
  expect(signsIn(text, [keys.rsa, token])).toEqual([]);
  expect(text).toMatch(/\[redacted rsa private key\][\s\S]*bytes were cut here[\s\S]*a line of a log\n$/);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.fileBytes);
  expect([...folder.files]).toEqual([['a/b.log', text]]);
});

test('a full folder says what it left out, and stays within its bound', async ({}, info) => {
  const folder = await Folder.make(info.outputPath('folder'), limits);
  // As they come: from several at once.
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => folder.write(`${index}.log`, 'x'.repeat(1_500))),
  );
  const sizes = [...folder.files.values()].map((text) => Buffer.byteLength(text));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(limits.folderBytes);
  const errors = read(folder, 'errors.txt').trim().split('\n');
  expect(errors.length + folder.files.size - 1).toBe(20);
  for (const line of errors)
    expect(line).toMatch(/^\d+\.log: left out, as the folder is full \(22000 bytes\)$/);
});

test('errors are told in lines of their own, without secrets, however many there are', async ({}, info) => {
  const { token } = await makeSecrets();
  const folder = await Folder.make(info.outputPath('folder'), limits);
  await folder.note(`pods: refused\n  for ${token}`);
  expect(read(folder, 'errors.txt')).toBe('pods: refused for [redacted token]\n');
  for (let count = 0; count < 500; count += 1) await folder.note(`thing ${count}: no answer within 10 s`);
  expect(read(folder, 'errors.txt').length).toBeLessThan(limits.folderBytes);
});

test('errors that come at once are all on the disk in the end', async ({}, info) => {
  // Which of two writes ends last is chance: many folders, so that a wrong order shows.
  for (let number = 0; number < 60; number += 1) {
    const folder = await Folder.make(info.outputPath(`folder-${number}`), limits);
    await Promise.all(Array.from({ length: 8 }, (_, index) => folder.note(`thing ${index}: no answer`)));
    expect(read(folder, 'errors.txt')).toBe(folder.files.get('errors.txt'));
    expect(read(folder, 'errors.txt')).toContain('thing 7: no answer');
  }
});

test('names from a cluster stay in the folder, and two of the same name are two files', async ({}, info) => {
  const folder = await Folder.make(info.outputPath('folder'), limits);
  await folder.write('../../escape.log', 'a');
  await folder.write('a b/c$d.log', 'b');
  await folder.write('a b/c$d.log', 'c');
  expect([...folder.files.keys()]).toEqual(['escape.log', 'a-b/c-d.log', 'a-b/c-d-2.log']);
  expect(existsSync(info.outputPath('escape.log'))).toBe(false);
});

test('what fails, or is not done in time, is a line, and costs nothing else', async ({}, info) => {
  const folder = await Folder.make(info.outputPath('folder'), limits);
  const collection = new Collection(folder, { ...limits, timeMs: 300 });
  const began = performance.now();
  await collection.each(['broken', 'hanging', 'sound'], (name) =>
    collection.file(`${name}.txt`, async () => {
      if (name === 'broken') throw new Error('pods is forbidden');
      if (name === 'hanging') await new Promise(() => {});
      return 'read';
    }),
  );
  expect(await collection.attempt('late', async () => 'late')).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(read(folder, 'sound.txt')).toBe('read');
  expect(read(folder, 'errors.txt').trim().split('\n')).toEqual([
    'broken.txt: pods is forbidden',
    'hanging.txt: no answer within 1 s',
    'late: not read, as the time was over (0.3 s)',
  ]);
});

test('a late answer is no file', async ({}, info) => {
  const folder = await Folder.make(info.outputPath('folder'), limits);
  const collection = new Collection(folder, { ...limits, timeMs: 100 });
  const late = Promise.withResolvers<string>();
  await collection.file('late.txt', () => late.promise);
  late.resolve('late');
  await new Promise(setImmediate);
  // What was read before is written all the same.
  await collection.keep('early.txt', () => 'early');
  expect([...folder.files.keys()]).toEqual(['errors.txt', 'early.txt']);
});

test('only a few things are read at once', async ({}, info) => {
  const collection = new Collection(await Folder.make(info.outputPath('folder'), limits), limits);
  let [now, most] = [0, 0];
  await collection.each(Array.from({ length: 30 }), async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise(setImmediate);
    now -= 1;
  });
  expect(most).toBe(atOnce);
});

test('a run has so many folders and no more, whoever takes them', ({}, info) => {
  const run = { folder: info.outputPath('run') };
  expect([1, 2, 3, 4].map(() => claimFolder(run, 3))).toEqual([true, true, true, false]);
});

const places: [titlePath: string[], folder: string][] = [
  [['http/methods.spec.ts', 'HTTP-02 A method that no rule lists is denied.'], 'http-methods'],
  [
    ['tutorial/4-policies.spec.ts', 'HTTP-02 A method that no rule lists is denied. (the shop)'],
    'tutorial-4-policies-the-shop',
  ],
  [['runbook/walk.spec.ts', 'Sidecar injector'], 'runbook-walk'],
  [['a\\b.spec.ts', 'x'], 'a-b'],
];

for (const [titlePath, folder] of places) {
  test(`the folder of ${titlePath.join(' › ')} is ${folder}`, () => {
    expect(folderOfTest({ titlePath, retry: 0, repeatEachIndex: 0 })).toBe(folder);
    expect(folderOfTest({ titlePath, retry: 1, repeatEachIndex: 2 })).toBe(`${folder}-retry-1-repeat-2`);
  });
}

test('a path made safe is safe already', () => {
  for (const path of ['../..', '/etc/passwd', 'a//b', '.hidden/x', 'é/ü', '']) {
    const safe = safePath(path);
    expect(safePath(safe)).toBe(safe);
    expect(safe).not.toMatch(/^\/|\.\./);
  }
});
