import { replayBinaries } from './dikastes-binaries.ts';
import { expect, test } from './fixture.ts';
import { negations } from './negations.ts';
import { replayPaths } from './paths.ts';
import { type Difference, replay } from './replay.ts';
import { readTable } from './rows.ts';
import { readPathTable } from './tables/paths.ts';
import { readRuns } from './tables/transcripts.ts';
import { replayTranscript } from './transcripts.ts';
import { variantTables } from './variants.ts';
import type { World } from './world/world.ts';

const tables = [
  ...[
    'staged',
    'ports-and-nets',
    'service-accounts',
    'tiers-and-order',
    'protocols',
    'mutual-tls',
    'availability',
  ].map((name) => readTable(`extended/${name}`)),
  readTable('observations'),
  ...variantTables,
];
const release = 'v3.32.1';
const [run] = readRuns();
const someTargets = ['/', '/static/../cart', '*'];

/** Replays the recording of that name, which is one row of a table unless it is one of the others. */
async function recordingOf(world: World, name: string): Promise<Difference[]> {
  if (name === 'Dikastes') return replayBinaries(release, world.mesh.rules);
  if (name === 'paths') {
    const rows = readPathTable('no-policy.paths.md').filter(({ target }) => someTargets.includes(target));
    return replayPaths(world, { name, from: 'gateway', policies: [], rows });
  }
  const requirement = /^transcript (\S+)$/.exec(name)?.[1];
  if (requirement !== undefined) {
    const found = run!.transcripts.find((transcript) => transcript.requirement === requirement);
    return replayTranscript(world, run!, found!);
  }
  for (const table of tables) {
    const row = table.rows.find((one) => one.row.startsWith(name));
    if (row !== undefined) return replay(world, table, row);
  }
  throw new Error(`There is no recording "${name}".`);
}

for (const [name, negation] of Object.entries(negations)) {
  if ('unnoticed' in negation) continue;
  const { noticedBy, drains } = negation;
  test(`${name} negated is noticed by ${noticedBy}`, async ({ world }) => {
    const rules = world.mesh.rules as Record<string, unknown>;
    const rule = rules[name];
    const negated = negation.negated as (rule: unknown) => unknown;
    rules[name] = negated(rule);
    try {
      expect(await recordingOf(world, noticedBy), 'differences').not.toEqual([]);
    } finally {
      rules[name] = rule;
      if (drains) world.renewListeners();
      await world.whole();
    }
  });
}

test('few rules are noticed by no recording', () => {
  const unnoticed = Object.entries(negations).filter(([, negation]) => 'unnoticed' in negation);
  expect(unnoticed.map(([name]) => name)).toEqual([
    'unsyncedStatus',
    'unknownEndpointStatus',
    'limitsHttpClauses',
    'detectionTimeout',
  ]);
});
