import { expect, test } from './fixture.ts';
import { verdictOn } from './known.ts';
import { type Difference, replay } from './replay.ts';
import { readTable } from './rows.ts';

const tables = [
  'extended/staged',
  'extended/ports-and-nets',
  'extended/service-accounts',
  'extended/tiers-and-order',
  'extended/protocols',
  'extended/mutual-tls',
  'extended/availability',
  'observations',
].map(readTable);

for (const table of tables) {
  test(`${table.name}: ${table.rows.length} rows are as they were measured`, async ({ world }, info) => {
    for (const { row, needs } of table.unmodelled) {
      info.annotations.push({ type: 'not modelled', description: `${row}: the mesh has no ${needs}` });
    }
    const found: Difference[] = [];
    for (const row of table.rows) found.push(...(await replay(world, table, row)));
    expect(verdictOn(table.name, found)).toEqual([]);
  });
}

test('what is not modelled is known', () => {
  const listed = tables.flatMap(({ unmodelled }) => unmodelled.map(({ row }) => row));
  expect(listed).toEqual([
    'DENY six requests at once on a gateway that is warm in part',
    'INJECT a back end without Dikastes makes the home page an error',
    'INJECT the patched configuration of Istio 1.15',
    'FAIL Dikastes stopped by a signal',
    'FAIL calico-node restarted',
    'TIME until a policy is in force',
  ]);
});
