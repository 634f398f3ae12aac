import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { inProfile } from '../../specs/selection.ts';

// A requirement that leaves a profile must show in review. After a change that was meant, write the list anew:
// npm run --silent conformance -- --target existing --profile core --list | cut -d' ' -f1 > tests/specs/golden/core.existing.txt
for (const profile of ['tutorial', 'core'] as const) {
  test(`the profile ${profile} selects on an existing cluster what its golden list says`, () => {
    const file = join('tests', 'specs', 'golden', `${profile}.existing.txt`);
    const golden = readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
    const selected = inProfile(loadCatalogue(), profile).map(({ id }) => `${id}\n`);
    expect(
      selected.join(''),
      `If the change was meant, write ${file} anew, as this test says at its top`,
    ).toBe(golden);
  });
}

test('the tutorial is a part of core, and core of extended', () => {
  const of = (profile: 'tutorial' | 'core' | 'extended') =>
    inProfile(loadCatalogue(), profile).map(({ id }) => id);
  expect(of('core')).toEqual(expect.arrayContaining(of('tutorial')));
  expect(of('extended')).toEqual(expect.arrayContaining(of('core')));
  expect(of('extended')).toEqual(loadCatalogue().map(({ id }) => id));
  expect(of('tutorial').length).toBeLessThan(of('core').length);
});
