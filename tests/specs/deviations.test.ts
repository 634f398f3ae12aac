import { expect, test } from '@playwright/test';
import semver from 'semver';
import { deviations as ofOracle } from '../../fixtures/oracle/deviations.ts';
import { deviations as ofReference } from '../../reference/deviations/index.ts';
import { knownReleases } from '../../scripts/lib/sweep/releases.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { loadDeviations } from '../../specs/deviations.ts';

const deviations = loadDeviations();

test('every deviation names a requirement of the catalogue', () => {
  const known = new Set(loadCatalogue().map(({ id }) => id));
  expect(deviations.map(({ requirement }) => requirement).filter((id) => !known.has(id))).toEqual([]);
});

test('the versions of every deviation are a range of some of them, not of all', () => {
  expect(deviations).not.toHaveLength(0);
  for (const { requirement, versions } of deviations) {
    expect(semver.validRange(versions), `${requirement}: ${versions}`).not.toBeNull();
    expect(semver.validRange(versions), `${requirement}: ${versions}`).not.toBe('*');
  }
});

test('no deviation is listed twice', () => {
  const keys = deviations.map(({ requirement, product, versions, link }) =>
    [requirement, product, versions, link].join(' '),
  );
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('catalogue, oracle and reference mesh say of the same releases that they answer nothing', () => {
  const releasesIn = (range: string | undefined) =>
    knownReleases.filter((release) => range !== undefined && semver.satisfies(release, range));
  const oracle = ofOracle.find(({ name }) => name === 'answers-nothing')?.versions;
  const reference = ofReference.find(({ name }) => name === 'unknown-to-everything')?.versions;
  const told = deviations.find(({ link }) => link.endsWith('/11857'))?.versions;
  expect(releasesIn(oracle)).not.toHaveLength(0);
  expect(releasesIn(told)).toEqual(releasesIn(oracle));
  expect(releasesIn(reference)).toEqual(releasesIn(oracle));
});
