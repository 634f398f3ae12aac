import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { expect } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { askedFor } from '../../scripts/lib/asked.ts';
import { conform } from '../../scripts/lib/conform.ts';
import { type ClusterOptions, readOptions } from '../../scripts/lib/options.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { inProfile } from '../../specs/selection.ts';
import { rejection } from '../cluster/fixture.ts';
import { test } from './fixture.ts';
import { allow, changes, giveList, injectorOf, istiodOf, nodeOf, object, paths } from './sound-cluster.ts';

const catalogue = loadCatalogue();

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('help is printed, with status 0', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const option of ['target', 'context', 'profile', 'area', 'requirement', 'resume', 'yes', 'list']) {
    expect(stdout).toContain(`--${option}`);
  }
});

test('a list has one requirement a line, and touches nothing', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('conformance', '--target', 'existing', '--list');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const core = inProfile(catalogue, 'core');
  const lines = stdout.split('\n');
  expect(lines.map((line) => line.split(/ +/).slice(0, 3))).toEqual(
    core.map(({ id, level, area }) => [id, level, area]),
  );
  for (const [index, { statement }] of core.entries()) expect(lines[index]).toContain(statement);
  expect(stdout, 'nobody has looked at the cluster').not.toContain('skipped');
  expect(suite.hasState()).toBe(false);
});

test('a list says what a release does not promise, and a hazard what it is', async ({ suite }) => {
  const { stdout } = await suite.run('conformance', '--list', '--calico', 'v3.24.1', '--profile', 'extended');
  const lineOf = (id: string) => stdout.split('\n').find((line) => line.startsWith(id));
  const later = inProfile(catalogue, 'extended').filter(({ since }) => since?.calico !== undefined);
  expect(later).not.toHaveLength(0);
  for (const { id, since } of later) {
    expect(lineOf(id)).toContain(`(skipped: promised since calico ${since?.calico}, and this is v3.24.1)`);
  }
  expect(lineOf('HTTP-01')).not.toContain('skipped');
  const hazards = inProfile(catalogue, 'extended').filter(({ hazard }) => hazard === true);
  for (const { id, statement } of hazards) expect(lineOf(id)).toContain(`Hazard: ${statement}`);
  const dikastes = await suite.run('conformance', '--list', '--target', 'dikastes', '--calico', 'v3.32.1');
  expect(dikastes.stdout).toMatch(
    /^MTLS-02 .*\(skipped: needs a cluster: Dikastes alone cannot prove it\)$/m,
  );
});

test('a list with a context asks that cluster what it would skip there, and changes nothing', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  giveList(sound, paths.nodes, nodeOf('the-only-one'));
  giveList(sound, '/apis/security.istio.io/v1beta1/namespaces/istio-system/peerauthentications', {
    ...object('security.istio.io/v1beta1', 'PeerAuthentication', 'default'),
    metadata: { name: 'default' },
    spec: { mtls: { mode: 'STRICT' } },
  });
  const { status, stdout, stderr } = await suite.run(
    'conformance',
    ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test', '--list'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^MTLS-01 .*\(skipped: needs a mesh that does not demand mutual TLS yet/m);
  expect(stdout).toMatch(/^HTTP-20 .*\(skipped: needs a browser/m);
  expect(stdout).toMatch(/^DEF-01 [^(]*$/m);
  expect(changes(sound)).toEqual([]);
  expect(suite.hasState()).toBe(false);
});

test('a list asks the revision of Istio that is named', async ({ suite, sound, kubeconfig }) => {
  const old = istiodOf('istiod-old', 'old');
  const container = { name: 'main', image: 'docker.io/istio/pilot:1.26.8' };
  giveList(sound, paths.deployments, istiodOf('istiod'), {
    ...old,
    spec: { template: { spec: { containers: [container] } } },
  });
  giveList(sound, paths.injectors, injectorOf('default'), injectorOf('old'));
  const list = (...more: string[]) =>
    suite.run(
      'conformance',
      ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test', '--list'],
      ...['--requirement', 'AVL-07', ...more],
    );
  expect((await list()).stdout).toMatch(/^AVL-07 [^(]*$/);
  expect((await list('--revision', 'old')).stdout).toMatch(/^AVL-07 .*\(skipped: needs native sidecars/);
});

test('a list that may not read one thing names all that may not be done', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  allow(sound, ({ resource }) => resource !== '*' && resource !== 'nodes' && resource !== 'csinodes');
  sound.on('GET', paths.nodes, (_, answer) => answer.refuse(403, 'Forbidden', 'nodes is forbidden'));
  const { status, stdout, stderr } = await suite.run(
    'conformance',
    ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test', '--list'],
  );
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(
    /^This context may not list nodes; get csinodes\.storage\.k8s\.io: have an administrator [^\n]+$/,
  );
  expect(changes(sound)).toEqual([]);
});

test('areas narrow a profile, and several add up', () => {
  const ids = (...args: string[]) => askedFor(readOptions(args)!).map(({ id }) => id);
  expect(ids('--area', 'mtls')).toEqual(
    inProfile(catalogue, 'core')
      .filter(({ area }) => area === 'mtls')
      .map(({ id }) => id),
  );
  expect(ids('--area', 'mtls', '--area', 'ingress').sort()).toEqual(
    [...ids('--area', 'mtls'), ...ids('--area', 'ingress')].sort(),
  );
  expect(ids('--area', 'mtls', '--profile', 'tutorial')).toEqual(['MTLS-01', 'MTLS-03']);
});

test('what nobody proves yet is told so, by its profile or its id', () => {
  for (const profile of ['resilience', 'upgrade'] as const) {
    const error = thrownBy(() => readOptions(['--profile', profile]));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(
      `the profile ${profile} is declared and not proven yet: docs/requirements.md says what it will prove`,
    );
    for (const { id } of inProfile(catalogue, profile)) {
      expect(thrownBy(() => readOptions(['--requirement', id])).message).toBe(
        `${id} is of the profile ${profile}, which is declared and not proven yet: docs/requirements.md says what it will prove`,
      );
    }
  }
});

const wrong: [what: string, args: string[], sentence: RegExp][] = [
  ['an unknown flag', ['--target', 'existing', '--frobnicate'], /unknown option '--frobnicate'/],
  ['an unknown target', ['--target', 'moon'], /'moon' is invalid.*reference, kind, existing, dikastes/],
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
    /'all' is invalid.*tutorial, core, extended, resilience, upgrade/,
  ],
  [
    'an unknown requirement',
    ['--target', 'existing', '--requirement', 'HTTP-01', '--requirement', 'HTTP-99'],
    /there is no requirement HTTP-99; docs\/requirements\.md has them all/,
  ],
  ['an unknown area', ['--area', 'http', '--area', 'htpp'], /there is no area htpp; there are .*, http, /],
  [
    'an area that the profile has nothing in',
    ['--area', 'identity'],
    /the profile core has nothing in identity; add --profile extended$/,
  ],
  [
    'a profile beside requirements',
    ['--requirement', 'HTTP-01', '--profile', 'core'],
    /--profile has no say: leave one out/,
  ],
  [
    'an area beside requirements',
    ['--requirement', 'HTTP-01', '--area', 'http'],
    /--area has no say: leave one out/,
  ],
  [
    'a list of what an earlier run has left',
    ['--target', 'existing', '--list', '--resume', '1126abcd'],
    /--list .* leave --resume out/,
  ],
  [
    'resuming on a reference mesh',
    ['--resume', '1126abcd'],
    /a reference mesh of its own.*npm run reference/,
  ],
  [
    'resuming on Dikastes alone',
    ['--target', 'dikastes', '--resume', '1126abcd'],
    /ends with its run, so --resume has none to go on with/,
  ],
  ['a flag without its value', ['--target', 'existing', '--context'], /argument missing/],
  ['an argument too many', ['--target', 'existing', 'now'], /too many arguments/],
  ['no workers', ['--target', 'existing', '--workers', '0'], /'0' is invalid.*from 1 to 99/],
  [
    'a gateway without its namespace',
    ['--target', 'existing', '--gateway', 'istio-ingressgateway'],
    /It must be NAMESPACE\/NAME/,
  ],
  [
    'a pull secret without its name',
    ['--target', 'existing', '--pull-secret', 'registry/'],
    /It must be NAMESPACE\/NAME/,
  ],
  ['a revision for the reference', ['--revision', 'canary'], /--revision is for a cluster/],
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

test('a kind cluster has no more workers than processors, unless it is asked for more', () => {
  const most = Math.min(3, availableParallelism());
  expect(readOptions(['--target', 'kind'])).toMatchObject({ workers: most });
  expect(readOptions(['--target', 'kind', '--workers', '7'])).toMatchObject({ workers: 7 });
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
    const given = ['--target', 'existing', '--kubeconfig', kubeconfig, ...args];
    const error = await rejection(
      conform(readOptions(given) as ClusterOptions, new AbortController().signal),
    );
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
