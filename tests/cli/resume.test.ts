import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { UsageError } from '../../fixtures/usage-error.ts';
import { fingerprintForReport } from '../../reports/fingerprint.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { readReport } from '../../reports/read.ts';
import { renderYaml } from '../../reports/render/yaml.ts';
import { pinnedVersions } from '../../scripts/lanes/versions-file.ts';
import { carryFiles } from '../../scripts/lib/carry-files.ts';
import { findEarlierRun } from '../../scripts/lib/earlier-run.ts';
import { fingerprintOf } from '../../scripts/lib/make-run.ts';
import { readOptions } from '../../scripts/lib/options.ts';
import { prepare } from '../../scripts/lib/prepare.ts';
import { suiteRevision } from '../../scripts/lib/suite.ts';
import { inspect } from '../../scripts/targets/inspect.ts';
import { UnfitError } from '../../scripts/targets/preflight.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import type { FakeApi } from '../cluster/fake-api.ts';
import { rejection } from '../cluster/fixture.ts';
import { conformantReport, run, sampleFacts } from '../reports/sample.ts';
import { type Suite, test } from './fixture.ts';
import { changes, give, nodeOf, object, paths } from './sound-cluster.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

const file = 'diagnostics/DEF-01/transcript.ndjson';
const withoutIstioctl = { istioctl: 'no-such-istioctl' };

/** Makes the report of an earlier run on a sound cluster, in which DEF-01 passed and DEF-02 failed. */
async function reportOn(api: FakeApi, suite: string): Promise<ConformanceReport> {
  const inspection = await inspect(api.cluster(), undefined);
  const fingerprint = { ...(await fingerprintOf(inspection, {})), suite };
  const { cluster, versions, environment, run: facts } = sampleFacts();
  return conformantReport({
    catalogue: loadCatalogue(),
    selected: ['DEF-01', 'DEF-02'],
    results: [
      run('DEF-01', 'passed', {}, { diagnostics: [file] }),
      run('DEF-02', 'failed', { cause: 'it was allowed' }),
    ],
    versions: { ...versions, ...inspection.versions, boutique: fingerprint.boutique },
    environment: {
      ...environment,
      calicoApi: fingerprint.calicoApi,
      nodes: environment.nodes.slice(0, 1).map((node) => ({ ...node, name: fingerprint.nodes[0] as string })),
    },
    run: { ...facts, id: 'earlier1', suiteRevision: suite },
    cluster: { ...cluster, fingerprint: fingerprintForReport(fingerprint) },
  });
}

/** Leaves it as a run does, in a folder of its own. */
function leave(report: ConformanceReport, folder: string): string {
  const place = join(folder, 'report');
  mkdirSync(dirname(join(place, file)), { recursive: true });
  writeFileSync(join(place, file), 'what was seen\n');
  writeFileSync(join(place, 'report.yaml'), renderYaml(report));
  return folder;
}

/** The revision of the suite as a run of the copied suite has it. */
async function revisionOf({ folder }: Suite): Promise<string> {
  const script =
    "const { suiteRevision } = await import('./scripts/lib/suite.ts'); console.log(await suiteRevision());";
  const options = { cwd: folder, env: { PATH: join(folder, 'nothing') }, extendEnv: false };
  return (await execa(process.execPath, ['--input-type=module', '--eval', script], options)).stdout;
}

const onCluster = (kubeconfig: string) => [
  ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test'],
  ...['--istioctl', 'no-such-istioctl'],
];

test('where an earlier run has judged everything, nothing is done, and its results are reported', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  const runs = join(suite.folder, '.state', 'runs');
  leave(await reportOn(sound, await revisionOf(suite)), join(runs, 'earlier1'));
  const before = sound.requests.length;
  const { status, stdout, stderr } = await suite.run(
    'conformance',
    ...onCluster(kubeconfig),
    ...['--requirement', 'DEF-01', '--resume', 'earlier1'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Nothing is left to do: all that can be judged here was judged before.\n');
  expect(stdout).toContain('1 result was carried over from run earlier1, on the same cluster.\n');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('conformant');
  expect(sound.requests.length, 'the cluster was looked at').toBeGreaterThan(before);
  expect(changes(sound)).toEqual([]);
  const [made] = readdirSync(runs).filter((name) => name !== 'earlier1');
  const folder = join(runs, String(made), 'report');
  const report = readReport(join(folder, 'report.yaml'));
  expect(report.run).toMatchObject({ id: made, resumed: 'earlier1' });
  expect(report.requirements).toMatchObject([
    { id: 'DEF-01', outcome: 'passed', from: 'earlier1', diagnostics: [file] },
  ]);
  expect(report.cluster.fingerprint?.cluster).toBe('0b9e0000-0000-4000-8000-000000000001');
  expect(readFileSync(join(folder, file), 'utf8')).toBe('what was seen\n');
  const down = await suite.run('down');
  rmSync(join(suite.folder, '.state'), { recursive: true });
  expect(down.stdout).toBe('There is nothing to put back.');
});

test('on another cluster nothing is resumed, and one sentence says what differs', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  const runs = join(suite.folder, '.state', 'runs');
  leave(await reportOn(sound, await revisionOf(suite)), join(runs, 'earlier1'));
  give(
    sound,
    paths.kubeSystem,
    object('v1', 'Namespace', 'kube-system', { metadata: { name: 'kube-system', uid: 'another' } }),
  );
  const { status, stderr } = await suite.run('conformance', ...onCluster(kubeconfig), '--resume', 'earlier1');
  const left = readdirSync(runs);
  rmSync(join(suite.folder, '.state'), { recursive: true });
  expect(status).toBe(3);
  expect(stderr).toBe(
    'Run earlier1 cannot be resumed here: the cluster itself (by the uid of namespace kube-system) was 0b9e0000-0000-4000-8000-000000000001 and is another. Leave --resume out to judge everything.',
  );
  expect(changes(sound)).toEqual([]);
  expect(left, 'a run that was never begun leaves nothing').toEqual(['earlier1']);
});

/** What a run would do that resumes an earlier one, as far as it gets before anything is changed. */
async function prepared(api: FakeApi, resume: string, ...args: string[]) {
  const options = readOptions(['--target', 'existing', '--context', 'test', ...args])!;
  const target = { kind: 'existing', context: 'test', shared: true, close: async () => {} } as const;
  return prepare(
    api.cluster(),
    target,
    { id: 'later', folder: dirname(resume) },
    { ...options, ...withoutIstioctl, resume },
    undefined,
  );
}

test('what passed is carried over, and all else is judged', async ({ sound }, info) => {
  const folder = leave(await reportOn(sound, await suiteRevision()), info.outputPath('earlier1'));
  const named = ['DEF-01', 'DEF-02', 'DEF-03'].flatMap((id) => ['--requirement', id]);
  const { run: made, resumed } = await prepared(sound, folder, ...named);
  expect(made.selected).toEqual(['DEF-02', 'DEF-03']);
  expect(resumed?.carried.requirements.map(({ id, from }) => [id, from])).toEqual([['DEF-01', 'earlier1']]);
  expect(made.fingerprint).toMatchObject({ nodes: ['node'], calicoApi: 'native crds' });
});

test('the probing pods run the pinned image, unless another one is named', async ({ sound }, info) => {
  const folder = leave(await reportOn(sound, await suiteRevision()), info.outputPath('earlier1'));
  const imageOf = async (...args: string[]) => (await prepared(sound, folder, ...args)).run.agentImage;
  expect(await imageOf()).toBe(pinnedVersions().agent);
  expect(await imageOf('--agent-image', 'own.test/node:24')).toBe('own.test/node:24');
});

const others: [what: string, spoil: (api: FakeApi) => void, difference: RegExp][] = [
  [
    'whose Calico was upgraded since',
    (api) =>
      give(
        api,
        '/apis/projectcalico.org/v3/clusterinformations/default',
        object('projectcalico.org/v3', 'ClusterInformation', 'default', {
          spec: { calicoVersion: 'v3.33.0' },
        }),
      ),
    /Calico was v3\.32\.1 and is v3\.33\.0; Dikastes' image was .*v3\.32\.1 and is .*v3\.33\.0/,
  ],
  [
    'whose API is served otherwise since',
    (api) =>
      give(
        api,
        '/apis/apiregistration.k8s.io/v1/apiservices/v3.projectcalico.org',
        object('apiregistration.k8s.io/v1', 'APIService', 'v3.projectcalico.org', {
          spec: { service: { name: 'calico-api' } },
        }),
      ),
    /here: Calico's API was native crds and is api server\./,
  ],
  [
    'that has another node since',
    (api) => api.on('GET', paths.nodes, (_, answer) => answer.list([nodeOf('node'), nodeOf('new')])),
    /here: the nodes were node and are new, node\./,
  ],
  [
    'that no longer tells what it is',
    (api) => api.on('GET', paths.kubeSystem, (_, answer) => answer.refuse(404, 'NotFound', 'not found')),
    /kube-system\) was 0b9e.* and is unknown/,
  ],
];

for (const [what, spoil, difference] of others) {
  test(`a cluster ${what} is not the same`, async ({ sound }, info) => {
    const folder = leave(await reportOn(sound, await suiteRevision()), info.outputPath('earlier1'));
    spoil(sound);
    const error = await rejection(prepared(sound, folder));
    expect(error).toBeInstanceOf(UnfitError);
    expect(error.message).toMatch(difference);
    expect(error.message).not.toContain('\n');
  });
}

test('another revision of the suite does not stand in for this one', async ({ sound }, info) => {
  const folder = leave(await reportOn(sound, '3f2c9d1'), info.outputPath('earlier1'));
  const error = await rejection(prepared(sound, folder));
  expect(error).toBeInstanceOf(UnfitError);
  expect(error.message).toMatch(/here: the suite was 3f2c9d1 and is /);
});

test('an earlier run is found by its folder, that of its report, or its report', ({}, info) => {
  const report = conformantReport();
  const folder = leave(report, info.outputPath('one'));
  for (const named of [folder, join(folder, 'report'), join(folder, 'report', 'report.yaml')]) {
    expect(findEarlierRun(named)).toEqual({ report, folder: join(folder, 'report') });
  }
  // One whose reports were to go elsewhere.
  const other = info.outputPath('other');
  mkdirSync(other);
  writeFileSync(join(other, 'run.json'), JSON.stringify({ output: join(folder, 'report') }));
  expect(findEarlierRun(other).folder).toBe(join(folder, 'report'));
});

test('pictures that the YAML leaves out are had from the results', ({}, info) => {
  const pictures = [{ name: 'the home page', pngBase64: 'aGVsbG8=' }];
  const results = [run('HTTP-01', 'passed', {}, { pictures })];
  const folder = leave(conformantReport({ results, selected: ['HTTP-01'] }), info.outputPath('one'));
  const read = () => findEarlierRun(folder).report.requirements[0]?.pictures;
  expect(read()).toEqual([{ name: 'the home page' }]);
  writeFileSync(
    join(folder, 'report', 'results.json'),
    JSON.stringify({ status: 'passed', results, steps: [], errors: [] }),
  );
  expect(read()).toEqual(pictures);
});

const unusable: [what: string, make: (folder: string) => string, sentence: RegExp][] = [
  ['nobody knows', () => 'nobody1', /there is no run nobody1; it takes an id below \.state\/runs/],
  [
    'was killed before it could report',
    (folder) => {
      mkdirSync(join(folder, 'killed'));
      return join(folder, 'killed');
    },
    /killed has left no report to go on with; leave --resume out/,
  ],
  [
    'is something else',
    (folder) => {
      writeFileSync(join(folder, 'other.yaml'), 'kind: Pod\n');
      return join(folder, 'other.yaml');
    },
    /other\.yaml is no report of a conformance run\.$/,
  ],
  [
    'is no YAML',
    (folder) => {
      writeFileSync(join(folder, 'other.yaml'), '{ broken');
      return join(folder, 'other.yaml');
    },
    /other\.yaml is no report of a conformance run\.$/,
  ],
];

for (const [what, make, sentence] of unusable) {
  test(`an earlier run that ${what} is wrong usage, in one line`, ({}, info) => {
    mkdirSync(info.outputPath(), { recursive: true });
    const named = make(info.outputPath());
    let error: unknown;
    try {
      findEarlierRun(named);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(sentence);
    expect((error as Error).message).not.toContain('\n');
  });
}

test('files of carried-over results are copied, and what is gone or lies elsewhere is not named', ({}, info) => {
  const from = info.outputPath('from');
  const to = info.outputPath('to');
  mkdirSync(join(from, 'diagnostics'), { recursive: true });
  writeFileSync(join(from, 'diagnostics', 'a.log'), 'a');
  writeFileSync(info.outputPath('secret'), 'not a part of it');
  const diagnostics = ['diagnostics/a.log', 'diagnostics/gone.log', '../secret'];
  const results = [run('HTTP-01', 'passed', {}, { diagnostics })];
  const { requirements, hazards } = conformantReport({ results, selected: ['HTTP-01'] });
  const carried = carryFiles({ requirements, hazards }, from, to);
  expect(carried.requirements[0]?.diagnostics).toEqual(['diagnostics/a.log']);
  expect(readFileSync(join(to, 'diagnostics', 'a.log'), 'utf8')).toBe('a');
  expect(existsSync(join(to, '..', 'secret')), 'as it was').toBe(true);
  // A run may report into the folder of the one that it resumes.
  expect(carryFiles({ requirements, hazards }, from, from)).toEqual(carried);
});
