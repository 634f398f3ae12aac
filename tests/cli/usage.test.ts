import { writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { conform } from '../../scripts/lib/conform.ts';
import { readOptions } from '../../scripts/lib/options.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { rejection } from '../cluster/fixture.ts';
import { test } from './fixture.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('help is printed, with status 0', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const option of ['--target', '--context', '--profile', '--requirement', '--yes', '--list']) {
    expect(stdout).toContain(option);
  }
});

test('a list has one requirement a line, and touches nothing', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--target', 'existing', '--list');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const core = loadCatalogue().filter(({ level }) => level === 'core');
  expect(stdout.split('\n')).toEqual(core.map(({ id, level, statement }) => `${id}  ${level}  ${statement}`));
  expect(suite.hasState()).toBe(false);
});

const wrong: [what: string, args: string[], sentence: RegExp][] = [
  ['an unknown flag', ['--target', 'existing', '--frobnicate'], /unknown option '--frobnicate'/],
  ['an unknown target', ['--target', 'moon'], /'moon' is invalid.*reference, existing, dikastes/],
  ['a context without a cluster', ['--context', 'prod'], /--context is for a cluster.*--target existing/],
  ['a kubeconfig without a cluster', ['--kubeconfig', 'f'], /--kubeconfig is for a cluster/],
  ['keeping a reference mesh', ['--keep'], /ends with its run.*npm run reference/],
  [
    'a release that a cluster shall pretend to be',
    ['--target', 'existing', '--calico', 'v3.31.7'],
    /a cluster has the release that is installed/,
  ],
  ['a release that is none', ['--calico', 'newest'], /'newest' is invalid.*such as v3\.31\.7/],
  ['a release older than any that is known', ['--calico', 'v3.20.0'], /from v3\.24\.0 on/],
  ['a release newer than any that is known', ['--calico', 'v9.9.9'], /from v3\.24\.0 to v3\.32\.1/],
  [
    'a Dikastes without its target',
    ['--dikastes', 'f'],
    /--dikastes is for Dikastes alone.*--target dikastes/,
  ],
  ['a context for Dikastes alone', ['--target', 'dikastes', '--context', 'c'], /--context is for a cluster/],
  ['a browser for Dikastes alone', ['--target', 'dikastes', '--browser', 'c'], /No browser takes part/],
  ['a prerelease', ['--calico', 'v3.31.7-alpha'], /from v3\.24\.0 to v3\.32\.1/],
  [
    'an unknown profile',
    ['--target', 'existing', '--profile', 'all'],
    /'all' is invalid.*tutorial, core, extended/,
  ],
  [
    'an unknown requirement',
    ['--target', 'existing', '--requirement', 'HTTP-01', '--requirement', 'HTTP-99'],
    /there is no requirement HTTP-99; --list prints them all/,
  ],
  ['a flag without its value', ['--target', 'existing', '--context'], /argument missing/],
  ['an argument too many', ['--target', 'existing', 'now'], /too many arguments/],
  ['no workers', ['--target', 'existing', '--workers', '0'], /'0' is invalid.*from 1 to 99/],
  [
    'an ingress that is no address',
    ['--target', 'existing', '--ingress', '1.2.3.4:80'],
    /It must be like http:/,
  ],
];

for (const [what, args, sentence] of wrong) {
  test(`${what} is wrong usage, in one line`, () => {
    const error = thrownBy(() => readOptions(args));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('\n');
  });
}

test('wrong usage ends with status 2 and one line on standard error, and changes nothing', async ({
  suite,
}) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--target', 'existing', '--frobnicate');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe("unknown option '--frobnicate' (see --help)");
  expect(suite.hasState()).toBe(false);
});

test('without a target it is the reference mesh, at no release in particular', () => {
  const options = readOptions([]);
  expect(options).toMatchObject({ target: 'reference', profile: 'core' });
  expect(options).not.toHaveProperty('calico');
  expect(readOptions(['--calico', '3.31.7'])).toMatchObject({ calico: 'v3.31.7' });
});

test('several requirements may be asked for, and what is not given has its default', () => {
  expect(
    readOptions(['--target', 'existing', '--requirement', 'HTTP-02', '--requirement', 'HTTP-01']),
  ).toMatchObject({ requirement: ['HTTP-02', 'HTTP-01'], profile: 'core', workers: 3, istioArg: [] });
});

const kubeconfigs: [what: string, text: string | undefined, args: string[], sentence: RegExp][] = [
  [
    'a kubeconfig that is not there',
    undefined,
    ['--kubeconfig', 'no-such-file', '--context', 'test'],
    /^There is no kubeconfig at \/.*no-such-file; name the file with --kubeconfig\.$/,
  ],
  ['a kubeconfig that is not YAML', '{ broken', ['--context', 'test'], /is not valid YAML/],
  ['a kubeconfig that is something else', 'a: list', ['--context', 'test'], /defines no cluster/],
  [
    'a context that is not in it',
    undefined,
    ['--context', 'prod'],
    /no usable context "prod".*which has: test\.$/,
  ],
  ['a context that is not named', undefined, [], /Name the context to run on with --context.*has: test\.$/],
];

for (const [what, text, args, sentence] of kubeconfigs) {
  test(`${what} is wrong usage, in one line, before the cluster is asked for anything`, async ({
    api,
    kubeconfig,
  }) => {
    if (text !== undefined) writeFileSync(kubeconfig, text);
    const options = readOptions(['--target', 'existing', '--kubeconfig', kubeconfig, ...args]);
    const error = await rejection(conform(options!, new AbortController().signal));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('\n');
    expect(api.requests).toEqual([]);
  });
}

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
