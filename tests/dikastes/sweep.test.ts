import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { UsageError } from '../../fixtures/usage-error.ts';
import type { Judged } from '../../scripts/lib/sweep/judge.ts';
import { readSweepOptions } from '../../scripts/lib/sweep/options.ts';
import { readRange, within } from '../../scripts/lib/sweep/range.ts';
import { knownReleases } from '../../scripts/lib/sweep/releases.ts';
import { findChanges, type Verdict } from '../../scripts/lib/sweep/search.ts';
import { renderTable, statusOf } from '../../scripts/lib/sweep/table.ts';
import { tellChanges } from '../../scripts/lib/sweep/tell.ts';
import { dikastesFrom } from '../../scripts/targets/dikastes.ts';
import { executable, test } from './stand-ins.ts';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');

test('a range is from one release to another, both included', () => {
  const range = readRange('v3.29.7..3.30.1');
  expect(range).toEqual({ from: 'v3.29.7', to: 'v3.30.1' });
  expect(within(knownReleases, range)).toEqual(['v3.29.7', 'v3.30.0', 'v3.30.1']);
  expect(within(knownReleases, readRange('v3.31.7'))).toEqual(['v3.31.7']);
  for (const wrong of ['', 'v3', 'v3.29.7..', 'v3.31.7..v3.29.7', 'v3.29.7...v3.30.0', 'a..b..c']) {
    expect(() => readRange(wrong), wrong).toThrow(UsageError);
  }
});

const releasesOf = (...args: string[]) => readSweepOptions('sweep', '', args, { one: false })?.releases;

test('one release alone need not be known, where its image is asked; of a range all are', () => {
  expect(releasesOf()).toEqual(knownReleases);
  expect(releasesOf('--calico', 'v3.33.0')).toEqual(['v3.33.0']);
  expect(releasesOf('--calico', 'v3.31.99')).toEqual(['v3.31.99']);
  expect(releasesOf('--calico', 'v3.32.0..v3.34.0')).toEqual(['v3.32.0', 'v3.32.1']);
  expect(() => releasesOf('--calico', 'v3.33.0..v3.34.0')).toThrow(/^There is no release from v3\.33\.0 to/);
  expect(() => releasesOf('--calico', 'v3.20.0')).toThrow(/^There is no release from v3\.20\.0 to/);
});

test('of files only those that are there can be asked', ({ folder }) => {
  executable(join(folder, 'd-v3.31.7'), '');
  const pattern = ['--dikastes', join(folder, 'd-{version}')];
  expect(releasesOf(...pattern, '--calico', 'v3.31.7')).toEqual(['v3.31.7']);
  expect(() => releasesOf(...pattern, '--calico', 'v3.33.0')).toThrow(/among v3\.31\.7\.$/);
});

test('files that fit the pattern are releases, whatever else lies beside them', ({ folder }) => {
  for (const name of [
    'd-v3.31.7',
    'd-v3.4.0',
    'd-3.32.1',
    'd-v3.32',
    'd-latest',
    'd-v3.31.7.log',
    'e-v3.30.0',
  ]) {
    executable(join(folder, name), '');
  }
  const source = dikastesFrom(join(folder, 'd-{version}'));
  expect(source.releases).toEqual(['v3.4.0', 'v3.31.7', 'v3.32.1']);
  expect(source.bench('v3.32.1')).toEqual({ release: 'v3.32.1', binary: join(folder, 'd-3.32.1') });
  expect(() => dikastesFrom(join(folder, 'none-{version}'))).toThrow(UsageError);
  expect(() => dikastesFrom(join(folder, 'd'))).toThrow(UsageError);
  expect(dikastesFrom(undefined).bench('v3.32.1')).toEqual({ release: 'v3.32.1' });
});

const deviation = { product: 'calico', versions: '*', link: 'https://x/1', summary: 'It is broken.' };
const judged = (requirement: string, outcome: Judged['outcome'], more: Partial<Judged> = {}): Judged => ({
  requirement,
  outcome,
  ...more,
});

test('the table has requirements by releases, and each cause once', () => {
  const failed = { cause: 'GET / was allowed' };
  const columns = [
    { release: 'v3.29.7', judged: [judged('A-01', 'passed'), judged('B-02', 'not promised')] },
    {
      release: 'v3.31.6',
      judged: [
        judged('A-01', 'failed', failed),
        judged('B-02', 'unverified', { cause: 'x', known: deviation }),
      ],
    },
    {
      release: 'v3.31.7',
      judged: [judged('A-01', 'failed', failed), judged('B-02', 'failed', { cause: 'y', known: deviation })],
    },
  ];
  expect(renderTable(columns)).toBe(
    [
      'requirement  v3.29.7  v3.31.6             v3.31.7',
      'A-01         passed   failed              failed',
      'B-02         -        unverified (known)  failed (known)',
      '',
      'v3.31.6, v3.31.7: A-01 failed: GET / was allowed',
      'v3.31.6, v3.31.7: known: It is broken. (https://x/1)',
    ].join('\n'),
  );
});

test('a Dikastes that cannot be used is told once, not by every requirement', () => {
  const cause = '/d ended by status 2.';
  const column = {
    release: 'v3.32.1',
    judged: [judged('A-01', 'broken', { cause }), judged('B-02', 'broken', { cause })],
  };
  expect(renderTable([column]).split('\n').slice(3)).toEqual([
    '',
    'v3.32.1: everything broken: /d ended by status 2.',
  ]);
});

const statuses: [status: number, ...judged: Judged[]][] = [
  [0, judged('A-01', 'passed'), judged('B-02', 'not promised', { known: deviation })],
  [0, judged('A-01', 'failed', { known: deviation })],
  [0, judged('A-01', 'unverified', { known: deviation })],
  [1, judged('A-01', 'failed')],
  [1, judged('A-01', 'unverified')],
  [1, judged('A-01', 'passed', { known: deviation })],
  [3, judged('A-01', 'failed'), judged('B-02', 'broken', { known: deviation })],
];

for (const [status, ...all] of statuses) {
  const what = all.map(
    ({ requirement, outcome, known }) => `${requirement} ${outcome}${known ? ' (known)' : ''}`,
  );
  test(`${what.join(', ')} ends with status ${status}`, () => {
    expect(statusOf([{ release: 'v3.32.1', judged: all }])).toBe(status);
  });
}

test('a search finds where a promise changes hands, and asks few releases', async () => {
  const asked: string[] = [];
  const bad = within(knownReleases, readRange('v3.30.0..v3.31.7'));
  const { changes, verdicts } = await findChanges(knownReleases, async (release): Promise<Verdict> => {
    asked.push(release);
    return bad.includes(release) ? 'bad' : 'good';
  });
  expect(changes).toEqual([
    { before: 'v3.29.7', after: 'v3.30.0', to: 'bad' },
    { before: 'v3.31.7', after: 'v3.32.0', to: 'good' },
  ]);
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked.length).toBeLessThan(knownReleases.length / 3);
  expect(tellChanges('HTTP-01', changes, verdicts).split('\n')).toEqual([
    'The first bad release is v3.30.0: HTTP-01 is kept by v3.29.7 and broken by v3.30.0.',
    'The first good release after it is v3.32.0: HTTP-01 is broken by v3.31.7 and kept by v3.32.0.',
  ]);
});

test('releases that are not at hand, or cannot be judged, leave a gap that is told', async () => {
  const releases = ['v3.29.7', 'v3.30.3', 'v3.31.7'];
  const { changes, verdicts } = await findChanges(releases, async (release) =>
    release === 'v3.30.3' ? undefined : release === 'v3.31.7' ? 'bad' : 'good',
  );
  expect(tellChanges('HTTP-01', changes, verdicts)).toBe(
    'The first bad release is one of the 16 from v3.30.0 to v3.31.7: HTTP-01 is kept by v3.29.7 and broken by v3.31.7, and none between them could be asked.',
  );
  const steady = await findChanges(releases, async () => 'good');
  expect(tellChanges('HTTP-01', steady.changes, steady.verdicts)).toBe(
    'HTTP-01 is kept by every release that was asked: v3.29.7, v3.30.3, v3.31.7.',
  );
});

const run = (verb: string, dikastes: string, ...more: string[]) =>
  execa(process.execPath, [join(scripts, `${verb}.ts`), '--dikastes', dikastes, ...more], { reject: false });

test('sweep proves the same specs on each release, and tells what cannot be judged', async ({
  folder,
  standIn,
}) => {
  test.slow();
  copyFileSync(standIn('good', 'before 3.32'), join(folder, 'dikastes-v3.29.7'));
  copyFileSync(standIn('dies at start', '3.32'), join(folder, 'dikastes-v3.32.1'));
  const pattern = join(folder, 'dikastes-{version}');
  const { stdout, exitCode } = await run('sweep', pattern, '--requirement', 'HTTP-02', '--workers', '1');
  expect(stdout).toContain('v3.29.7: 1 of 1 kept');
  expect(stdout).toContain('requirement  v3.29.7  v3.32.1\nHTTP-02      passed   broken');
  expect(stdout).toMatch(
    /v3\.32\.1: HTTP-02 broken: .*dikastes-v3\.32\.1 ended by status 3\. The last it logged:/,
  );
  expect(stdout).toContain('level=fatal msg="Unable to listen."');
  expect(exitCode, 'one could not be judged').toBe(3);
});

test('bisect on nothing that can be judged says so', async ({ folder, standIn }) => {
  copyFileSync(standIn('dies at start', '3.32'), join(folder, 'dikastes-v3.32.1'));
  const { stdout, exitCode } = await run(
    'bisect',
    join(folder, 'dikastes-{version}'),
    '--requirement',
    'HTTP-02',
  );
  expect(stdout).toContain('v3.32.1: broken (');
  expect(stdout).toContain('No release could be judged for HTTP-02.');
  expect(exitCode).toBe(3);
});

test('what makes no sense is refused in one sentence', async ({ folder }) => {
  executable(join(folder, 'dikastes-v3.29.7'), '');
  const refused: [verb: string, more: string[], sentence: string][] = [
    ['sweep', ['--requirement', 'MTLS-02'], 'MTLS-02 needs a cluster: Dikastes alone cannot prove it.'],
    ['sweep', ['--requirement', 'HTTP-99'], 'there is no requirement HTTP-99'],
    ['sweep', ['--calico', 'v3.25.0..v3.26.0'], 'There is no release from v3.25.0 to v3.26.0 among v3.29.7.'],
    ['bisect', [], 'Name one requirement: --requirement HTTP-01.'],
  ];
  for (const [verb, more, sentence] of refused) {
    const { stderr, exitCode } = await run(verb, join(folder, 'dikastes-{version}'), ...more);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  }
});
