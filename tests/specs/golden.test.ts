import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { laneNamed } from '../../scripts/lanes/lane.ts';
import { type Fixed, fixedDikastes, fixedKind, fixedReference } from '../../scripts/targets/fixed.ts';
import { inspect } from '../../scripts/targets/inspect.ts';
import { startReference } from '../../scripts/targets/reference.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { inProfile, type Profile, profiles, select } from '../../specs/selection.ts';

// What each profile selects on each target. A requirement that leaves a list, or is skipped where it was not, must
// show in review. After a change that was meant, this writes all the lists anew:
//
//   ALP_WRITE_GOLDEN=1 npm test -- tests/specs/golden.test.ts
const writes = process.env.ALP_WRITE_GOLDEN === '1';

// One after the other: the last ones look at what the first ones write.
test.describe.configure({ mode: 'default' });

const folder = join(import.meta.dirname, 'golden');
const release = 'v3.32.1';

const reference = fixedReference();
const targets: Record<string, Fixed> = {
  reference,
  // A cluster of the same releases that has everything anyone could need.
  existing: { versions: reference.versions, means: { ...reference.means, ipv6: true } },
  kind: fixedKind(laneNamed('current')),
  dikastes: fixedDikastes({ release }),
};

const lists = Object.entries(targets).flatMap(([target, fixed]) =>
  profiles.map((profile) => ({ file: `${profile}.${target}.txt`, target, profile, fixed })),
);

/** An id a line, and for what is skipped there, why. */
function listOf(profile: Profile, { versions, means }: Fixed): string {
  const asked = inProfile(loadCatalogue(), profile);
  const reasons = new Map(select(asked, versions, means).skipped.map(({ id, reason }) => [id, reason]));
  const line = (id: string) => (reasons.has(id) ? `${id} skipped: ${reasons.get(id)}\n` : `${id}\n`);
  return asked.map(({ id }) => line(id)).join('');
}

for (const { file, target, profile, fixed } of lists) {
  test(`the profile ${profile} selects on the target ${target} what its golden list says`, () => {
    const list = listOf(profile, fixed);
    if (writes) writeFileSync(join(folder, file), list);
    expect(list, `If the change was meant, write golden/${file} anew, as this test says at its top`).toBe(
      readFileSync(join(folder, file), 'utf8'),
    );
  });
}

test('there is no golden list of anything else', () => {
  expect(readdirSync(folder).sort()).toEqual(lists.map(({ file }) => file).sort());
});

test('what is fixed of a reference mesh is what a run finds there', async ({}, info) => {
  test.setTimeout(60_000);
  for (const calico of [undefined, 'v3.31.7']) {
    const target = await startReference({ folder: info.outputPath(calico ?? 'mesh'), calico });
    const cluster = Cluster.connect(loadKubeConfig(target));
    try {
      const { versions, means } = await inspect(cluster, undefined);
      expect({ versions, means: { ...means, browser: true, meshAuthority: true } }).toEqual(
        fixedReference(calico),
      );
    } finally {
      await cluster.close();
      await target.close();
    }
  }
});

test('the tutorial is a part of core, and core of extended, which has all that is proven', () => {
  const catalogue = loadCatalogue();
  const of = (profile: Profile) => inProfile(catalogue, profile).map(({ id }) => id);
  expect(of('core')).toEqual(expect.arrayContaining(of('tutorial')));
  expect(of('extended')).toEqual(expect.arrayContaining(of('core')));
  expect(of('tutorial').length).toBeLessThan(of('core').length);
  const everything = [...of('extended'), ...of('resilience'), ...of('upgrade')];
  expect(everything.sort()).toEqual(catalogue.map(({ id }) => id));
});
