import { expect, test } from '@playwright/test';
import { blows } from './blows.ts';
import { ownMesh } from './own-mesh.ts';
import { wholeRun } from './whole-run.ts';

for (const { what, red, faults, strike, args = [] } of blows) {
  test(`${what}: ${Object.keys(red).join(', ')} must fail`, async ({}, info) => {
    const mesh = await ownMesh(info.outputPath('mesh'), faults === undefined ? {} : { faults: [faults] });
    try {
      const asked = Object.keys(red).flatMap((id) => ['--requirement', id]);
      const requirements = await wholeRun(mesh, info.outputPath(), {
        strike,
        args: [...asked, ...args],
      });
      const seen = requirements.map(({ id, outcome, cause = '' }) => ({ id, outcome, cause }));
      expect(seen).toEqual(
        expect.arrayContaining(
          Object.entries(red).map(([id, cause]) => ({
            id,
            outcome: 'failed',
            cause: expect.stringMatching(cause),
          })),
        ),
      );
    } finally {
      await mesh.close();
    }
  });
}
