import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { parse } from 'yaml';
import { UsageError } from '../../fixtures/usage-error.ts';
import { type DifferentialArguments, readArguments } from '../../scripts/lib/differential/arguments.ts';
import { decode, encode } from '../../scripts/lib/differential/recording.ts';
import { test } from '../dikastes/stand-ins.ts';

const root = join(import.meta.dirname, '..', '..');

function differential(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const all = [join(root, 'scripts', 'differential.ts'), ...args];
    const child = execFile(process.execPath, all, (_, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
  });
}

test('a difference is printed as small as it is, with the command that repeats it; status 1', async ({
  standIn,
}) => {
  const binary = standIn('good', '3.32');
  const args = ['--calico', 'v3.32.1', '--dikastes', binary, '--questions', '500', '--seed', '4'];
  const { status, stdout } = await differential(...args);
  expect(status).toBe(1);
  const again = `again:    npm run differential -- --calico v3.32.1 --dikastes '${binary}' --questions 500 --seed 4`;
  expect(stdout.split('\n')).toContain(again);
  expect(stdout).toMatch(/^asked: .+$/m);
  expect(stdout).toMatch(/^promised: [A-Z_]+$/m);
  expect(stdout).toMatch(/^answered: [A-Z_]+$/m);
  const objects = stdout
    .split('\nasked:')[0]!
    .split(/^---$/m)
    .map((text) => parse(text));
  expect(objects.map(({ kind }) => kind)).toContain('Pod');
  expect(objects.flatMap(({ spec }) => spec?.ingress ?? []).length).toBeLessThanOrEqual(2);
});

test('a Dikastes that dies is no verdict; status 3', async ({ standIn }) => {
  const { status, stdout, stderr } = await differential(
    '--calico',
    'v3.32.1',
    '--dikastes',
    standIn('dies at start', '3.32'),
  );
  expect(status).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toContain('Unable to listen.');
});

test('answers are recorded', async ({ standIn, folder }) => {
  const file = join(folder, 'answers.ndjson.gz');
  const binary = standIn('good', '3.32');
  const args = [
    '--calico',
    'v3.32.1',
    '--dikastes',
    binary,
    '--questions',
    '60',
    '--seed',
    '4',
    '--record',
    file,
  ];
  expect((await differential(...args)).status).toBe(0);
  const { release, seed, cases } = decode(readFileSync(file));
  expect({ release, seed }).toEqual({ release: 'v3.32.1', seed: 4 });
  expect(cases.flatMap(({ questions }) => questions).length).toBeGreaterThanOrEqual(60);
  for (const { questions, answers } of cases) expect(answers).toHaveLength(questions.length);
});

test('wrong usage is one sentence; status 2', async ({}) => {
  const { status, stderr } = await differential('--dikastes', '/bin/true');
  expect(status).toBe(2);
  expect(stderr).toBe("required option '--calico <version>' not specified (see --help)\n");
});

const wrong: [args: string[], sentence: RegExp][] = [
  [[], /'--calico <version>' not specified/],
  [['--calico', 'newest'], /It must be a release/],
  [['--calico', 'v3.20.0'], /from v3\.24\.0 on/],
  [['--calico', 'v3.32.1', '--questions', 'many'], /--questions.*It must be a number from 1 to 10000000/],
  [['--calico', 'v3.32.1', '--questions', '0'], /--questions.*It must be a number from 1/],
  [['--calico', 'v3.32.1', '--seed', '1.5'], /--seed.*It must be a number from -2147483648/],
  [['--calico', 'v3.32.1', '--frobnicate'], /frobnicate/],
  [['--calico', 'v3.32.1', '--record', 'no/such/folder/file'], /--record has no folder to write to/],
];

for (const [args, sentence] of wrong) {
  test(`refused: ${args.join(' ') || 'nothing'}`, () => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(sentence);
  });
}

test('a Dikastes is a file or a pattern of files, and an image when none is named', ({}, info) => {
  const folder = info.outputPath();
  const file = info.outputPath('dikastes-v3.32.1');
  writeFileSync(file, '');
  const read = (dikastes: string) =>
    readArguments(['--calico', '3.32.1', '--dikastes', dikastes], folder) as DifferentialArguments;
  expect(read('dikastes-{version}')).toMatchObject({ release: 'v3.32.1', binary: file });
  expect(read('dikastes-v3.32.1')).toMatchObject({ binary: file });
  expect(() => read('dikastes')).toThrow(/--dikastes names no file: there is no .*dikastes\./);
  const alone = readArguments(['--calico', 'v3.32.1']);
  expect(alone).toMatchObject({ questions: 2_000 });
  expect(alone).not.toHaveProperty('binary');
});

test('what is recorded is read as it was', () => {
  const shared = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };
  const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } };
  const workload = { namespace: 'a', name: 'p' };
  const question = {
    source: { address: '10.0.0.1', port: 1, principal: '' },
    destination: { address: '10.0.0.2', port: 2 },
  };
  const cases = [
    { objects: [shared, own], workload, questions: [question], answers: ['OK' as const] },
    { objects: [shared], workload, questions: [question], answers: ['UNKNOWN' as const] },
  ];
  expect(decode(encode({ release: 'v3.32.1', seed: 1, cases }))).toEqual({
    release: 'v3.32.1',
    seed: 1,
    cases,
  });
});
