import { expect, test } from '@playwright/test';
import { deviationsOf } from '../../reference/deviations/index.ts';
import { overlay, promised } from '../../reference/rules/rules.ts';
import { replayBinaries, verdicts } from './dikastes-binaries.ts';
import { verdictOn } from './known.ts';

test('every verdict of the binaries is read', () => {
  expect(verdicts).toHaveLength(78);
  expect(Object.keys(verdicts[0]!.codes)).toEqual(['v3.24.1', 'v3.29.7', 'v3.31.7', 'v3.32.1']);
});

for (const release of Object.keys(verdicts[0]!.codes)) {
  test(`Dikastes ${release}: ${verdicts.length} answers are as its binary gave them`, () => {
    const found = replayBinaries(
      release,
      overlay(promised, ...deviationsOf(release).map(({ rules }) => rules)),
    );
    expect(verdictOn(`Dikastes ${release}`, found)).toEqual([]);
  });
}
