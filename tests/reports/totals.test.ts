import { expect, test } from '@playwright/test';
import { isComplete, isConformant, lacksMeans, totalsByArea, totalsOf } from '../../reports/totals.ts';

const passed = { outcome: 'passed' } as const;
const failed = { outcome: 'failed', cause: 'a verdict differs' } as const;
const broken = { outcome: 'broken', cause: 'timed out after 30 s' } as const;
const noBrowser = { outcome: 'skipped', cause: 'needs a browser: none is installed' } as const;
const tooOld = { outcome: 'skipped', cause: 'promised since calico 3.32.0, and this is 3.29.7' } as const;

test('totals count every outcome, also those that did not occur', () => {
  expect(totalsOf([passed, passed, failed])).toEqual({
    passed: 2,
    failed: 1,
    unverified: 0,
    broken: 0,
    skipped: 0,
  });
});

test('totals by area are in alphabetical order', () => {
  const byArea = totalsByArea([
    { outcome: 'passed', area: 'mtls' },
    { outcome: 'broken', area: 'http' },
    { outcome: 'passed', area: 'http' },
  ]);
  expect(Object.keys(byArea)).toEqual(['http', 'mtls']);
  expect(byArea.http).toMatchObject({ passed: 1, broken: 1 });
});

test('only a skip whose cause starts with "needs " is for want of a means', () => {
  expect(lacksMeans(noBrowser)).toBe(true);
  expect(lacksMeans(tooOld)).toBe(false);
  expect(lacksMeans({ outcome: 'skipped', cause: 'the cluster needs no upgrade' })).toBe(false);
  expect(lacksMeans({ outcome: 'broken', cause: 'needs a browser' })).toBe(false);
  // Two reasons of one requirement are joined; the means may be the second.
  expect(lacksMeans({ outcome: 'skipped', cause: `${tooOld.cause}; ${noBrowser.cause}` })).toBe(true);
});

for (const { name, requirements, hazards = [], errors = [], complete, conformant } of [
  { name: 'everything passed', requirements: [passed, passed], complete: true, conformant: true },
  { name: 'one does not apply', requirements: [passed, tooOld], complete: true, conformant: true },
  { name: 'one lacks a means', requirements: [passed, noBrowser], complete: false, conformant: false },
  { name: 'one failed', requirements: [passed, failed], complete: true, conformant: false },
  { name: 'one is broken', requirements: [passed, broken], complete: false, conformant: false },
  { name: 'none applies', requirements: [tooOld], complete: false, conformant: false },
  { name: 'nothing was selected', requirements: [], complete: false, conformant: false },
  {
    name: 'everything passed and one hazard is present, another absent',
    requirements: [passed],
    hazards: [{ outcome: 'present' }, { outcome: 'absent' }] as const,
    complete: true,
    conformant: true,
  },
  {
    name: 'a hazard lacks a means',
    requirements: [passed],
    hazards: [noBrowser],
    complete: false,
    conformant: false,
  },
  {
    name: 'a hazard does not apply',
    requirements: [passed],
    hazards: [tooOld],
    complete: true,
    conformant: true,
  },
  {
    name: 'a hazard is broken',
    requirements: [passed],
    hazards: [broken],
    complete: false,
    conformant: false,
  },
  {
    name: 'only a hazard was looked for',
    requirements: [],
    hazards: [{ outcome: 'present' }] as const,
    complete: true,
    conformant: false,
  },
  {
    name: 'something outside the requirements broke',
    requirements: [passed],
    errors: ['a file did not load'],
    complete: false,
    conformant: false,
  },
]) {
  test(`when ${name}, complete is ${complete} and conformant is ${conformant}`, () => {
    const judged = { requirements, hazards };
    expect(isComplete(judged, errors)).toBe(complete);
    expect(isConformant(judged, errors)).toBe(conformant);
  });
}
