import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { DikastesError } from '../../fixtures/dikastes/dikastes-error.ts';
import { wireOf } from '../../fixtures/dikastes/protocol/wire.ts';
import { releaseOf } from '../../fixtures/dikastes/run-binary.ts';
import type { Manners } from './stand-in.ts';
import { executable, releases, test } from './stand-ins.ts';
import { allowPath, ask, type policy, workload, world } from './world.ts';

for (const release of releases) {
  test(`decides by exactly what is in force, as ${release} is told`, async ({ standIn, start }) => {
    const dikastes = await start({ binary: standIn('good', wireOf(release)), release });
    const seen = async (...policies: ReturnType<typeof policy>[]) => {
      await dikastes.enforce([...world, ...policies], workload);
      return dikastes.check([ask('GET', '/a'), ask('GET', '/b'), ask('POST', '/a')]);
    };
    expect(await seen(), 'without policy').toEqual(['OK', 'OK', 'OK']);
    expect(await seen(allowPath('p', '/a'))).toEqual(['OK', 'PERMISSION_DENIED', 'PERMISSION_DENIED']);
    expect(await seen(allowPath('p', '/b')), 'changed').toEqual([
      'PERMISSION_DENIED',
      'OK',
      'PERMISSION_DENIED',
    ]);
    expect(await seen(allowPath('p', '/b'), allowPath('q', '/a')), 'and another one').toEqual([
      'OK',
      'OK',
      'PERMISSION_DENIED',
    ]);
    expect(await seen(), 'without policy again').toEqual(['OK', 'OK', 'OK']);
  });
}

test('a change has been read when enforcing is over, every time', async ({ standIn, start }) => {
  const dikastes = await start({ binary: standIn('good', '3.32'), release: 'v3.32.1' });
  for (let change = 1; change <= 50; change++) {
    await dikastes.enforce([...world, allowPath('p', `/${change}`)], workload);
    const answers = await dikastes.check([ask('GET', `/${change}`), ask('GET', `/${change - 1}`)]);
    expect(answers, `change ${change}`).toEqual(['OK', 'PERMISSION_DENIED']);
  }
});

test('many questions come back in their order', async ({ standIn, start }) => {
  const dikastes = await start({ binary: standIn('good', '3.32'), release: 'v3.32.1' });
  await dikastes.enforce([...world, allowPath('p', '/yes')], workload);
  const asked = Array.from({ length: 500 }, (_, index) => (index % 3 === 0 ? '/yes' : '/no'));
  const answers = await dikastes.check(asked.map((path) => ask('GET', path)));
  expect(answers).toEqual(asked.map((path) => (path === '/yes' ? 'OK' : 'PERMISSION_DENIED')));
});

test('one that has no opinion counts as in sync once it says so', async ({ standIn, start }) => {
  const dikastes = await start({ binary: standIn('knows nothing', 'before 3.32'), release: 'v3.31.7' });
  await dikastes.enforce([...world, allowPath('p', '/a')], workload);
  expect(await dikastes.check([ask('GET', '/a')])).toEqual(['UNKNOWN']);
  expect(dikastes.log()).toContain('stand-in knows nothing');
});

test('staged policies are unknown to releases before 3.30', async ({ standIn, start }) => {
  const staged = { ...allowPath('p', '/a'), kind: 'StagedGlobalNetworkPolicy' };
  const old = await start({ binary: standIn('good', 'before 3.32'), release: 'v3.29.7' });
  await old.enforce([...world, staged], workload);
  expect(await old.check([ask('GET', '/b')])).toEqual(['OK']);
});

const bounds = { startWithinMs: 10_000, inSyncWithinMs: 300 };
const unusable: [manners: Manners, sentence: RegExp, lastLine: string][] = [
  ['dies at start', / ended by status 3\./, 'level=fatal msg="Unable to listen."'],
  [
    'never reads',
    / was not in sync within 0\.3 s .*last answered UNAVAILABLE/,
    'level=info msg="stand-in never reads"',
  ],
  [
    'leaves at every policy',
    / was not in sync .*\(it joined [2-9] times.*: is it really Calico v3\.32\.1\?/,
    'level=warning msg="connection to Policy Sync server broken"',
  ],
];

for (const [manners, sentence, lastLine] of unusable) {
  test(`one that ${manners} is no Dikastes to judge by`, async ({ standIn, start }) => {
    const binary = standIn(manners, '3.32');
    const error = await failure(start({ binary, release: 'v3.32.1', ...bounds }));
    expect(error.message).toContain(binary);
    expect(error.message).toMatch(sentence);
    expect(error.lastLines).toContain(lastLine);
  });
}

test('one that never asks for policies is no Dikastes to judge by', async ({ folder, start }) => {
  const binary = join(folder, 'idle');
  executable(binary, '#!/bin/sh\necho waiting >&2\nexec sleep 60\n');
  const error = await failure(start({ binary, release: 'v3.32.1', startWithinMs: 500 }));
  expect(error.message).toContain(`${binary} did not ask for policies within 0.5 s.`);
  expect(error.lastLines).toEqual(['waiting']);
});

for (const [wire, release] of [
  ['3.32', 'v3.31.7'],
  ['before 3.32', 'v3.32.1'],
] as const) {
  test(`one that speaks as ${wire} never comes into sync as ${release}`, async ({ standIn, start }) => {
    const error = await failure(start({ binary: standIn('good', wire), release, ...bounds }));
    expect(error.message).toContain(`is it really Calico ${release}?`);
  });
}

test('one that dies later is found out by the change, and by the question', async ({ standIn, start }) => {
  const dikastes = await start({ binary: standIn('dies of a policy', '3.32'), release: 'v3.32.1' });
  await dikastes.enforce(world, workload);
  const deadly = dikastes.enforce([...world, allowPath('deadly', '/')], workload);
  const error = await failure(deadly);
  expect(error.message).toContain('ended by status 2');
  expect(error.lastLines[0]).toBe('panic: nil policy');
  expect((await failure(dikastes.check([ask('GET', '/')]))).message).toContain('ended by status 2');
});

test('what cannot be run says why in one sentence', async ({ folder, start }) => {
  const file = join(folder, 'dikastes');
  const started = () => failure(start({ binary: file, release: 'v3.32.1', ...bounds }));
  expect((await started()).message).toBe(`There is no ${file} to run as Dikastes.`);
  writeFileSync(file, '');
  expect((await started()).message).toBe(`${file} may not be executed: chmod +x it, if it is Dikastes.`);
  executable(file, 'neither a script nor a program\n');
  expect((await started()).message).toContain(file);
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  expect((await failure(start({ binary: inner, release: 'v3.32.1' }))).message).toBe(
    `${inner} is no file, so it is no Dikastes to run.`,
  );
});

test('a binary is asked for its release when nobody says it', async ({ folder, standIn }) => {
  const said = join(folder, 'said');
  executable(said, '#!/bin/sh\n[ "$1" = --version ] && echo v3.31.7\n');
  expect(await releaseOf(said)).toBe('v3.31.7');
  const silent = standIn('dies at start', '3.32');
  expect((await failure(releaseOf(silent))).message).toContain('name the release');
});

async function failure(promise: Promise<unknown>): Promise<DikastesError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DikastesError);
  return error as DikastesError;
}
