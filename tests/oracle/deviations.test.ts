import { expect, test } from '@playwright/test';
import semver from 'semver';
import { deviations, deviationsOf } from '../../fixtures/oracle/deviations.ts';
import { deviationsTable } from '../../fixtures/oracle/deviations-table.ts';
import { formerPromises } from '../../fixtures/oracle/versions.ts';

const releases = [
  'v3.24.0',
  'v3.24.1',
  'v3.28.5',
  'v3.29.0',
  'v3.29.7',
  'v3.30.0',
  'v3.31.7',
  'v3.32.0',
  'v3.32.1',
];

test('every deviation has a name of its own, releases, and a place to look it up', () => {
  const all = [...deviations, ...formerPromises];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, versions, link } of all) {
    expect.soft(semver.validRange(versions), name).not.toBeNull();
    expect
      .soft(
        releases.some((release) => semver.satisfies(release, versions)),
        name,
      )
      .toBe(true);
    expect.soft(link, name).toMatch(/^https:\/\/github\.com\/projectcalico\/calico\//);
  }
});

for (const release of releases) {
  test(`no two deviations of ${release} replace the same function`, () => {
    const replaced = deviationsOf(release).flatMap(({ name, replaces }) =>
      // Whoever answers nothing decides nothing either.
      name === 'answers-nothing' ? [] : Object.keys(replaces),
    );
    expect(replaced.toSorted()).toEqual([...new Set(replaced)].toSorted());
  });
}

test('what shows in the network, too, is what its rules are sorted by', () => {
  const names = (layer: 'L4' | 'L7') => deviationsOf('v3.32.1', layer).map(({ name }) => name);
  expect(names('L4')).toEqual(['tiers-without-order-beside-the-default-one', 'ties-by-joined-name']);
  expect(names('L7')).toEqual(expect.arrayContaining(['staged-policies-enforced', ...names('L4')]));
});

const known: [release: string, has: string, hasNot: string][] = [
  ['v3.28.5', 'egress-policies-deny-ingress', 'staged-policies-enforced'],
  ['v3.29.0', 'excluded-nets-ignored', 'egress-policies-deny-ingress'],
  ['v3.30.0', 'answers-nothing', 'excluded-nets-ignored'],
  ['v3.31.7', 'answers-nothing', 'staged-policies-enforced'],
  ['v3.32.0', 'small-nets-never-match', 'small-nets-hide-what-they-contain'],
  ['v3.32.1', 'small-nets-hide-what-they-contain', 'answers-nothing'],
  ['v3.33.0', 'unknown-identity-is-anyone', 'staged-policies-enforced'],
  ['v3.33.0', 'ties-by-joined-name', 'named-ports-never-match'],
];

for (const [release, has, hasNot] of known) {
  test(`${release} has ${has} and not ${hasNot}`, () => {
    const names = deviationsOf(release).map(({ name }) => name);
    expect(names).toContain(has);
    expect(names).not.toContain(hasNot);
  });
}

test('the table has a line for each, with a link', () => {
  const lines = deviationsTable()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(lines).toHaveLength(deviations.length + formerPromises.length);
  for (const line of lines) expect.soft(line).toMatch(/\| \[[^\]]+\]\(https:[^)]+\) \|$/);
});
