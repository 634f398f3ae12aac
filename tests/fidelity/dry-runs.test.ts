import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { StatusError } from '../../reference/store/status-error.ts';
import { expect, test } from './fixture.ts';
import { objectOf } from './objects.ts';
import { readDryRuns } from './tables/dry-runs.ts';
import { variants } from './variants.ts';
import type { World } from './world/world.ts';

const recorded = readDryRuns();

test('every policy of the recording is here', () => {
  expect(Object.keys(variants.dryRuns)).toEqual([...recorded.keys()]);
});

test(`${recorded.size} policies are accepted and refused by the API as they were`, ({ world }) => {
  const printed = Object.entries(variants.dryRuns).map(([title, { apiVersion, ...short }]) => {
    const object = objectOf({ ...short, name: 't' }, variants.selector, () => '');
    return [title, print(world, apiVersion === undefined ? object : { ...object, apiVersion })];
  });
  expect(Object.fromEntries(printed)).toEqual(Object.fromEntries(recorded));
});

/** What `kubectl apply --dry-run=server` prints (kubectl `pkg/cmd/util/helpers.go`). */
function print(world: World, object: KubeObject): string {
  const { apiVersion, kind, metadata } = object;
  // kubectl looks a kind up before it asks for anything.
  if (world.mesh.store.typeOf(apiVersion, kind) === undefined) {
    return `error: resource mapping not found for name: "${metadata.name}" namespace: "" from "STDIN": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`;
  }
  try {
    world.mesh.operations.create(object, { dryRun: true, fieldValidation: 'Strict' });
    return `${kind.toLowerCase()}.projectcalico.org/${metadata.name} created (server dry run)`;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { kind: refused, name, causes = [] } = error.details ?? {};
    if (error.reason !== 'Invalid') {
      return `Error from server (${error.reason}): error when creating "STDIN": ${error.message}`;
    }
    const lines = causes.map(({ field, message }) => `${field}: ${message}`);
    const list = lines.length === 1 ? lines[0] : `\n${lines.map((line) => `* ${line}`).join('\n')}`;
    return `The ${refused} "${name}" is invalid: ${list}`;
  }
}
