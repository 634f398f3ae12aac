import { expect, test } from '@playwright/test';
import { assembleReport } from '../../reports/assemble.ts';
import { carryOver } from '../../reports/carry-over.ts';
import { conclusionOf } from '../../reports/conclusion.ts';
import { deviationOf } from '../../reports/deviations.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import {
  conformantReport,
  deviations,
  edge,
  factsWithHazards,
  hazard,
  run,
  sampleFacts,
  sampleReport,
} from './sample.ts';

function find(report: ConformanceReport, id: string) {
  const found = report.requirements.find((requirement) => requirement.id === id);
  if (found === undefined) throw new Error(`the report has no ${id}`);
  return found;
}

test('a report has every selected, skipped and run requirement once, by id', () => {
  expect(sampleReport().requirements.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'HTTP-01 failed',
    'HTTP-02 unverified',
    'HTTP-07 broken',
    'HTTP-10 failed',
    'INJ-01 passed',
    'MTLS-01 passed',
    'MTLS-02 broken',
    'WEB-01 skipped',
  ]);
  expect(sampleReport({ selected: [] }).requirements.map(({ id }) => id)).not.toContain('HTTP-07');
});

test('a report of the same facts in another order is the same report', () => {
  const asked = ['MTLS-01', 'HTTP-01'];
  const facts = sampleFacts({ run: { ...sampleFacts().run, requirements: asked } });
  const { environment } = facts;
  const shuffled = sampleFacts({
    run: { ...facts.run, requirements: asked.toReversed() },
    results: facts.results.toReversed(),
    catalogue: facts.catalogue.toReversed(),
    selected: facts.selected.toReversed(),
    environment: {
      ...environment,
      images: environment.images.toReversed(),
      nodes: environment.nodes.toReversed(),
    },
  });
  expect(JSON.stringify(assembleReport(shuffled))).toBe(JSON.stringify(assembleReport(facts)));
});

test('a selected requirement without a result is broken', () => {
  expect(find(sampleReport(), 'HTTP-07')).toMatchObject({
    outcome: 'broken',
    cause: 'no result was recorded',
    edges: [],
  });
});

test('a selected requirement without a result names the step that failed', () => {
  const steps = [
    { title: 'Install Istio', result: 'failed' as const, cause: 'no image', durationMs: 3 },
    { title: 'Enable application layer policy', result: 'not run' as const, durationMs: 0 },
  ];
  expect(find(sampleReport({ steps }), 'HTTP-07').cause).toBe('not run: the step "Install Istio" failed');
});

test('a skip replaces a test that was never started, and no other', () => {
  const skipped = [{ id: 'HTTP-01', reason: 'needs a second node: the cluster has one' }];
  const cause = 'did not run because its test is marked as skipped';
  const never = run('HTTP-01', 'broken', { cause }, { ran: false });
  expect(find(sampleReport({ results: [never], skipped }), 'HTTP-01')).toMatchObject({
    outcome: 'skipped',
    cause: skipped[0]!.reason,
  });
  const failed = run('HTTP-01', 'failed', { cause: 'differs' });
  expect(find(sampleReport({ results: [failed], skipped }), 'HTTP-01')).toMatchObject({
    outcome: 'failed',
    cause: `differs; ${skipped[0]!.reason}`,
  });
});

test('results of several files fold together', () => {
  const results = [run('INJ-01', 'passed'), run('INJ-01', 'unverified', { cause: 'the control was denied' })];
  expect(find(sampleReport({ results }), 'INJ-01').outcome).toBe('unverified');
});

test('a failure that a release is known for is marked, and stays a failure', () => {
  const report = sampleReport();
  expect(find(report, 'HTTP-01').known).toMatchObject({ product: 'calico', versions: '>=3.30.0 <3.32.0' });
  expect(find(report, 'HTTP-02').known).toBeDefined();
  expect(find(report, 'HTTP-10').known, 'no deviation names it').toBeUndefined();
  expect(find(report, 'HTTP-07').known, 'broken is no known deviation').toBeUndefined();
  expect(report.result).toMatchObject({ conformant: false, exitStatus: 1 });
});

test('a requirement that passes against a known deviation says so', () => {
  expect(find(sampleReport(), 'MTLS-01')).toMatchObject({ outcome: 'passed', unseen: { product: 'calico' } });
});

test('on a release outside the range nothing is known', () => {
  const versions = { ...sampleFacts().versions, calico: 'v3.32.1' };
  for (const requirement of sampleReport({ versions }).requirements) {
    expect(requirement.known, requirement.id).toBeUndefined();
    expect(requirement.unseen, requirement.id).toBeUndefined();
  }
});

for (const { version, within } of [
  { version: '3.31.7', within: true },
  { version: 'v3.30.0', within: true },
  { version: '3.30', within: true },
  { version: 'v3.31.7-12-gabcdef0', within: true },
  { version: 'v3.31.7+build.1', within: true },
  { version: '3.29.7', within: false },
  { version: 'v3.32.0', within: false },
  { version: 'unknown', within: false },
  { version: 'sha256:3310031', within: false },
]) {
  test(`version ${version} is ${within ? 'in' : 'outside'} the range >=3.30.0 <3.32.0`, () => {
    const versions = { ...sampleFacts().versions, calico: version };
    const found = deviationOf('HTTP-01', { versions, api: 'unknown' }, deviations);
    expect(found !== undefined).toBe(within);
  });
}

const told = [
  { what: 'a wrong probe with its sign', wrong: [['allowed', 'denied by alp']], known: true },
  {
    what: 'several of them',
    wrong: [
      ['allowed', 'denied by alp'],
      ['allowed', 'denied by alp'],
    ],
    known: true,
  },
  { what: 'one that leaks', wrong: [['denied by alp', 'allowed']], known: false },
  {
    what: 'one that leaks beside it',
    wrong: [
      ['allowed', 'denied by alp'],
      ['denied by alp', 'allowed'],
    ],
    known: false,
  },
  { what: 'another denial', wrong: [['allowed', 'filter error']], known: false },
  { what: 'no wrong probe', wrong: [], known: false },
] as const;

for (const { what, wrong, known } of told) {
  test(`${what} ${known ? 'is' : 'is not'} what the release is known for`, () => {
    const released = { versions: sampleFacts().versions, api: 'unknown' } as const;
    const edges = wrong.map(([expected, seen]) => edge('GET /', expected, seen));
    const held = edge('GET /static', 'denied by alp', 'denied by alp');
    const found = deviationOf('HTTP-01', released, deviations, [...edges, held]);
    expect(found !== undefined).toBe(known);
    expect(found ?? {}).not.toHaveProperty('signs');
  });
}

test('the signs of all that a release is known for may explain a failure together', () => {
  const [first] = deviations;
  const leak = { ...first!, link: 'https://example.org/leak', signs: [{ probe: '/leak', seen: 'allowed' }] };
  const released = { versions: sampleFacts().versions, api: 'unknown' } as const;
  const edges = [edge('GET /leak', 'denied by alp', 'allowed'), edge('GET /', 'allowed', 'denied by alp')];
  expect(deviationOf('HTTP-01', released, [first!, leak], edges)).toMatchObject({ link: first!.link });
  expect(deviationOf('HTTP-01', released, [leak], edges)).toBeUndefined();
  const elsewhere = [edge('GET /other', 'denied by alp', 'allowed')];
  expect(deviationOf('HTTP-01', released, [leak], elsewhere)).toBeUndefined();
});

test('a deviation of an unknown product or with a malformed range is refused', () => {
  const [first] = deviations;
  const released = { versions: sampleFacts().versions, api: 'api server' } as const;
  expect(() => deviationOf('HTTP-01', released, [{ ...first!, product: 'calcio' }])).toThrow(
    'The deviation of HTTP-01 names the product "calcio"; use one of kubernetes, calico',
  );
  expect(() => deviationOf('HTTP-01', released, [{ ...first!, versions: 'before 3.32' }])).toThrow(
    'write a semver range',
  );
});

test('a requirement that is not in the catalogue is refused', () => {
  expect(() => sampleReport({ selected: ['NONE-01'] })).toThrow('NONE-01 is not in the catalogue');
});

test('a report that does not fit the schema is refused', () => {
  const wrong = { ...sampleFacts().run, started: 'yesterday' };
  expect(() => sampleReport({ run: wrong })).toThrow(/started/);
});

test('a report that went well is conformant and complete', () => {
  const report = conformantReport();
  expect(report.result).toMatchObject({ conformant: true, complete: true, exitStatus: 0 });
  expect(conclusionOf(report)).toBe('conformant');
  expect(Object.keys(report.result.byArea)).toEqual(['http', 'injection', 'mtls']);
});

test('a missing browser makes a run incomplete, and an error only when strict', () => {
  const facts = { skipped: [{ id: 'WEB-01', reason: 'needs a browser: none is installed' }] };
  const report = conformantReport(facts);
  expect(report.result).toMatchObject({ conformant: false, complete: false, exitStatus: 0 });
  expect(conclusionOf(report)).toBe('incomplete');
  expect(conformantReport({ ...facts, strict: true }).result.exitStatus).toBe(3);
});

test('a deviation of one way of serving the API is known only where it is served that way', () => {
  const own = deviations.map((deviation) => ({ ...deviation, api: 'native crds' as const }));
  const on = (calicoApi: ConformanceReport['environment']['calicoApi']) =>
    sampleReport({ deviations: own, environment: { ...sampleFacts().environment, calicoApi } });
  expect(find(on('native crds'), 'HTTP-01').known).toMatchObject({ api: 'native crds' });
  expect(find(on('native crds'), 'MTLS-01').unseen).toBeDefined();
  for (const other of ['api server', 'unknown'] as const) {
    expect(find(on(other), 'HTTP-01').known, other).toBeUndefined();
    expect(find(on(other), 'MTLS-01').unseen, other).toBeUndefined();
  }
});

test('an interrupted run has its own exit status', () => {
  expect(conformantReport({ interrupted: true }).result.exitStatus).toBe(130);
});

test('hazards are told apart from requirements, as present or absent', () => {
  const report = assembleReport(factsWithHazards());
  expect(report.hazards.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'HAZ-01 present',
    'HAZ-02 absent',
    'HAZ-03 unverified',
    'HAZ-04 broken',
    'HAZ-05 skipped',
  ]);
  expect(report.requirements).toEqual(sampleReport().requirements);
});

test('of hazards totals count only those that are broken', () => {
  const before = sampleReport().result.totals;
  const { totals, byArea } = assembleReport(factsWithHazards()).result;
  expect(totals).toEqual({ ...before, broken: before.broken + 1 });
  expect(byArea.hazards).toEqual({ passed: 0, failed: 0, unverified: 0, broken: 1, skipped: 0 });
});

/** A run in which everything went well, and which looked for one hazard. */
function withHazard(outcome: 'passed' | 'failed' | 'unverified' | 'broken', strict = false) {
  const facts = sampleFacts();
  return conformantReport({
    catalogue: [...facts.catalogue, hazard('HAZ-01', 'Something is weak.')],
    selected: ['HTTP-01', 'HAZ-01'],
    results: [run('HTTP-01', 'passed'), run('HAZ-01', outcome, { cause: 'as it is' })],
    strict,
  });
}

for (const outcome of ['passed', 'failed'] as const) {
  test(`a run is conformant with a hazard that is ${outcome === 'passed' ? 'present' : 'absent'}`, () => {
    const report = withHazard(outcome, true);
    expect(report.result).toMatchObject({ conformant: true, complete: true, exitStatus: 0 });
    expect(conclusionOf(report)).toBe('conformant');
  });
}

test('a hazard of which nobody knows makes a run incomplete, and a broken one breaks it', () => {
  expect(withHazard('unverified').result).toMatchObject({
    conformant: false,
    complete: false,
    exitStatus: 0,
  });
  expect(withHazard('unverified', true).result.exitStatus).toBe(3);
  expect(withHazard('broken').result).toMatchObject({ conformant: false, complete: false, exitStatus: 3 });
});

test('hazards alone say nothing of conformance', () => {
  const facts = {
    catalogue: [hazard('HAZ-01', 'Something is weak.')],
    selected: ['HAZ-01'],
    results: [run('HAZ-01', 'failed', { cause: 'it is not there' })],
  };
  const report = conformantReport(facts);
  expect(report.result).toMatchObject({ conformant: false, complete: true, exitStatus: 0 });
  expect(conclusionOf(report)).toBe('incomplete');
});

test('what an earlier run has judged stands in the report as it was, and counts', () => {
  const first = assembleReport(factsWithHazards());
  const carried = carryOver(first, [...factsWithHazards().selected, 'HTTP-99']);
  expect(carried.requirements.map(({ id, from }) => [id, from])).toEqual([
    ['INJ-01', first.run.id],
    ['MTLS-01', first.run.id],
  ]);
  expect(carried.hazards.map(({ id, from }) => [id, from])).toEqual([
    ['HAZ-01', first.run.id],
    ['HAZ-02', first.run.id],
  ]);
  const facts = factsWithHazards();
  const rest = ['HTTP-01', 'HTTP-02'];
  const second = assembleReport({
    ...facts,
    carried,
    selected: rest,
    skipped: [],
    results: rest.map((id) => run(id, 'passed')),
    run: { ...facts.run, id: 'second', resumed: first.run.id },
  });
  expect(second.requirements.map(({ id, outcome, from }) => [id, outcome, from])).toEqual([
    ['HTTP-01', 'passed', undefined],
    ['HTTP-02', 'passed', undefined],
    ['INJ-01', 'passed', first.run.id],
    ['MTLS-01', 'passed', first.run.id],
  ]);
  const { from: _, ...asItWas } = find(second, 'MTLS-01');
  expect(asItWas).toEqual(find(first, 'MTLS-01'));
  expect(second.result).toMatchObject({ conformant: true, totals: { passed: 4 } });
  // Carried over once more, it is still of the run that judged it.
  expect(carryOver(second, ['INJ-01', 'HTTP-01']).requirements.map(({ from }) => from)).toEqual([
    'second',
    first.run.id,
  ]);
});

test('of what was asked for, an earlier run does not stand in for anything else', () => {
  expect(carryOver(sampleReport(), ['HTTP-01', 'WEB-01'])).toEqual({ requirements: [], hazards: [] });
});
