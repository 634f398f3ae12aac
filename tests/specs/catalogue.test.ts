import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestInfo, test } from '@playwright/test';
import { stringify } from 'yaml';
import { UsageError } from '../../fixtures/usage-error.ts';
import {
  type CalicoApi,
  excludedByVersion,
  expectationOf,
  loadCatalogue,
  type Requirement,
  type Versions,
} from '../../specs/catalogue.ts';

const good = {
  id: 'HTTP-01',
  statement: 'A listed method is allowed.',
  level: 'core',
  source: { document: 'Calico', place: 'somewhere' },
  bench: ['cluster'],
};

/** Writes the files of a catalogue and reads it. */
function catalogueOf(info: TestInfo, files: Record<string, unknown>): Requirement[] {
  const folder = info.outputPath();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : stringify(content));
  }
  return loadCatalogue(folder);
}

test('requirements are read from all files, in order of id, each with its area', ({}, info) => {
  const catalogue = catalogueOf(info, {
    'mtls.yaml': [{ ...good, id: 'MTLS-02' }],
    'http.yaml': [{ ...good, id: 'HTTP-02' }, good],
    'README.md': 'not a part of it',
  });
  expect(catalogue.map(({ id, area, needs }) => [id, area, needs])).toEqual([
    ['HTTP-01', 'http', []],
    ['HTTP-02', 'http', []],
    ['MTLS-02', 'mtls', []],
  ]);
});

test('an id that is used twice is an error that names the file', ({}, info) => {
  expect(() => catalogueOf(info, { 'a.yaml': [good], 'b.yaml': [good] })).toThrow(
    'b.yaml: HTTP-01 is declared twice',
  );
});

const when = (conditions: object) => ({ when: conditions, expect: 'a' });

const bad: [what: string, change: object][] = [
  ['an id of another form', { id: 'http-1' }],
  ['a statement that is no sentence', { statement: 'a listed method' }],
  ['an unknown level', { level: 'optional' }],
  ['no bench', { bench: [] }],
  ['an unknown need', { needs: ['luck'] }],
  ['an unknown product', { since: { envoy: '1.0' } }],
  ['an unknown field', { severity: 'high' }],
  ['a release that is none', { since: { calico: 'newest' } }],
  ['an unknown kind of API', { api: ['grpc'] }],
  ['a profile that is proven already', { profile: 'core' }],
  ['a hazard that is none', { hazard: false }],
  ['expectations without one for all other cases', { expectations: [when({ calico: '<3.31.6' })] }],
  ['an expectation that nothing can reach', { expectations: [{ expect: 'a' }, { expect: 'b' }] }],
  ['an expectation on no condition', { expectations: [when({}), { expect: 'b' }] }],
  ['an expectation of an unknown product', { expectations: [when({ envoy: '<2' }), { expect: 'b' }] }],
  ['an expectation of no range', { expectations: [when({ calico: 'old' }), { expect: 'b' }] }],
];

for (const [what, change] of bad) {
  test(`a requirement with ${what} is an error that names the file`, ({}, info) => {
    const read = () => catalogueOf(info, { 'http.yaml': [{ ...good, ...change }] });
    // On one line, whatever is wrong.
    expect(read).toThrow(/^http\.yaml: .+\.$/);
    expect(read).toThrow(UsageError);
  });
}

test('a file that is no YAML is an error that names it', ({}, info) => {
  expect(() => catalogueOf(info, { 'http.yaml': '- id: [HTTP-01\n' })).toThrow(
    /^http\.yaml is not valid YAML: .+\.$/,
  );
});

const versions: Versions = { kubernetes: 'v1.34.4', calico: 'v3.31.7', istio: '1.28.10' };

const exclusions: [
  what: string,
  bounds: Pick<Partial<Requirement>, 'since' | 'until'>,
  reason: string | undefined,
][] = [
  ['without bounds', {}, undefined],
  ['since this very release', { since: { calico: '3.31.7' } }, undefined],
  ['since an earlier release', { since: { calico: '3.9' } }, undefined],
  ['since a later release', { since: { calico: '3.32' } }, 'promised since calico 3.32, and this is v3.31.7'],
  ['until a later release', { until: { istio: '1.29' } }, undefined],
  [
    'until this very release',
    { until: { istio: '1.28.10' } },
    'promised until istio 1.28.10, and this is 1.28.10',
  ],
  ['until an earlier release', { until: { istio: '1.9' } }, 'promised until istio 1.9, and this is 1.28.10'],
  [
    'within one bound but not the other',
    { since: { calico: '3.31', kubernetes: '1.35' } },
    'promised since kubernetes 1.35, and this is v1.34.4',
  ],
];

for (const [what, bounds, reason] of exclusions) {
  test(`a promise ${what} is ${reason === undefined ? 'judged' : 'excluded with its reason'}`, () => {
    expect(excludedByVersion({ ...(good as unknown as Requirement), ...bounds }, versions)).toBe(reason);
  });
}

test('a pre-release counts as its release', () => {
  const requirement = { ...(good as unknown as Requirement), since: { calico: '3.33' } };
  expect(excludedByVersion(requirement, { ...versions, calico: 'v3.33.0-0.dev-12-gabc' })).toBeUndefined();
});

const expectations: Requirement['expectations'] = [
  { when: { calico: '<3.31.6', api: 'api server' }, expect: 'old, by the API server' },
  { when: { calico: '<3.31.6' }, expect: 'old' },
  { when: { calico: '>=3.32.0', istio: '>=1.28.0' }, expect: 'new' },
  { expect: 'anything else' },
];

const resolved: [what: string, calico: string, istio: string, api: CalicoApi, expected: string][] = [
  ['the first entry that holds counts', 'v3.29.7', '1.28.10', 'api server', 'old, by the API server'],
  ['a kind of API that differs keeps an entry from holding', 'v3.29.7', '1.28.10', 'native crds', 'old'],
  ['an API that is not known is none', 'v3.29.7', '1.28.10', 'unknown', 'old'],
  ['all conditions of an entry must hold', 'v3.32.1', '1.27.0', 'native crds', 'anything else'],
  ['several products may be named', 'v3.32.1', '1.28.0', 'native crds', 'new'],
  ['a pre-release counts as its release', 'v3.32.0-0.dev-12-gabc', '1.28.10', 'native crds', 'new'],
  ['of a version that is not known nothing holds', 'unknown', 'none', 'unknown', 'anything else'],
];

for (const [what, calico, istio, api, expected] of resolved) {
  test(`of expectations that differ, ${what}`, () => {
    expect(expectationOf({ expectations }, { kubernetes: 'v1.34.4', calico, istio }, api)).toBe(expected);
  });
}

test('where the same is expected everywhere, nothing more is said', () => {
  expect(expectationOf({}, versions, 'native crds')).toBeUndefined();
});
