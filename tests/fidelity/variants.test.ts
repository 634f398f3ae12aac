import { expect, test } from './fixture.ts';
import { verdictOn } from './known.ts';
import { type Difference, replay } from './replay.ts';
import { variantTables } from './variants.ts';

test('every line of the recordings is read', () => {
  expect(variantTables.map(({ rows }) => rows.length)).toEqual([23, 6]);
});

for (const table of variantTables) {
  test(`${table.name}: ${table.rows.length} policies do what they did`, async ({ world }) => {
    const found: Difference[] = [];
    for (const row of table.rows) found.push(...(await replay(world, table, row)));
    expect(verdictOn(table.name, found)).toEqual([]);
  });
}
