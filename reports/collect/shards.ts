import type { Suite } from '@playwright/test/reporter';

/**
 * The project suites of a report, grouped by the shard they come from.
 *
 * `merge-reports` puts the projects of all shards in one list, shard after shard. A project occurs once in a
 * shard, so a name that comes again starts the next one. An unsharded run is one group.
 */
export function shardsOf(root: Suite): Suite[][] {
  const shards: Suite[][] = [];
  for (const project of root.suites) {
    const current = shards.at(-1);
    if (current === undefined || current.some(({ title }) => title === project.title)) shards.push([project]);
    else current.push(project);
  }
  return shards;
}
