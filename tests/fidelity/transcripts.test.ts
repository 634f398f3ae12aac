import { deeds } from './deeds.ts';
import { expect, test } from './fixture.ts';
import { verdictOn } from './known.ts';
import type { Difference } from './replay.ts';
import { type Run, readRuns } from './tables/transcripts.ts';
import { replayTranscript } from './transcripts.ts';
import { openSandbox } from './world/sandbox.ts';
import { World } from './world/world.ts';

const runs = readRuns();

test('every line of the transcripts is read', () => {
  const lines = runs.map(({ transcripts }) =>
    transcripts.flatMap(({ phases }) => phases.flatMap((phase) => phase.lines)),
  );
  expect(lines.map(({ length }) => length)).toEqual([144, 102, 133, 125]);
});

for (const run of runs) {
  test(`${run.name}: every recorded probe is answered as it was`, async ({ world }) => {
    const own = run.calico === world.calico ? undefined : await World.start({ calico: run.calico });
    const found = await replayRun(own ?? world, run);
    await own?.close();
    expect(verdictOn(run.name, found)).toEqual([]);
  });
}

async function replayRun(world: World, run: Run): Promise<Difference[]> {
  const { mesh = 'STRICT', deed } = run;
  const found: Difference[] = [];
  const undo: (() => Promise<void>)[] = [];
  // The first requirement was proven before mutual TLS was demanded and before Dikastes was asked.
  const isFirst = ({ requirement }: Run['transcripts'][number]) => requirement === 'MTLS-01';
  await openSandbox(world);
  try {
    world.setMeshMode(mesh);
    if (deed !== undefined) undo.push(await deeds[deed]!(world));
    await world.drained();
    for (const transcript of run.transcripts.filter((one) => !isFirst(one))) {
      found.push(...(await replayTranscript(world, run, transcript)));
    }
    world.setMeshMode('PERMISSIVE');
    if (deed === undefined) undo.push(await deeds['delete the filter']!(world));
    await world.drained();
    for (const transcript of run.transcripts.filter(isFirst)) {
      found.push(...(await replayTranscript(world, run, transcript)));
    }
  } finally {
    for (const back of undo) await back();
    world.setMeshMode('STRICT');
    await world.settled();
  }
  return found;
}
