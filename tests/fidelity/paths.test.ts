import { expect, test } from './fixture.ts';
import { verdictOn } from './known.ts';
import { type PathTable, replayPaths } from './paths.ts';
import { readPathList, readPathTable } from './tables/paths.ts';

const both = ['frontend-deny', 'frontend-allow-homepage'] as const;

const pathTables: PathTable[] = [
  { name: 'paths, no policy', from: 'gateway', policies: [], rows: readPathTable('no-policy.paths.md') },
  {
    name: 'paths, deny and allow homepage',
    from: 'gateway',
    policies: [...both],
    rows: readPathTable('deny-and-allow-homepage.paths.md'),
  },
  {
    name: 'paths, straight to the sidecar',
    from: 'client/plain',
    policies: [...both],
    mesh: 'PERMISSIVE',
    rows: readPathList('deny-and-allow-homepage.straight-to-sidecar.txt'),
  },
];

test('every row of the recordings is read', () => {
  expect(pathTables.map(({ rows }) => rows.length)).toEqual([224, 224, 56]);
});

for (const table of pathTables) {
  test(`${table.name}: ${table.rows.length} requests are answered as they were`, async ({ world }) => {
    const found = await replayPaths(world, table);
    expect(verdictOn(table.name, found)).toEqual([]);
  });
}
