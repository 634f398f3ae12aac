import type { Requirement } from '../../specs/catalogue.ts';
import { type Selection, select } from '../../specs/selection.ts';
import { type Fixed, fixedDikastes, fixedKind, fixedReference } from '../targets/fixed.ts';
import { askedFor } from './asked.ts';
import type { Options } from './options.ts';

/**
 * Prints what was asked for, a requirement a line: its id, level, area and statement, and why it would be skipped on
 * the target, as far as that can be told. A cluster is asked when its context is named, and only then.
 */
export async function listRequirements(options: Options): Promise<number> {
  const asked = askedFor(options);
  const skipped = new Map((await skippedOn(options, asked)).map(({ id, reason }) => [id, reason]));
  for (const requirement of asked) {
    process.stdout.write(`${lineOf(requirement, skipped.get(requirement.id))}\n`);
  }
  return 0;
}

function lineOf({ id, level, area, statement, hazard }: Requirement, skipped: string | undefined): string {
  const what = hazard ? `Hazard: ${statement}` : statement;
  const line = `${id.padEnd(8)}  ${level.padEnd(8)}  ${area.padEnd(12)}  ${what}`;
  return skipped === undefined ? line : `${line} (skipped: ${skipped})`;
}

async function skippedOn(options: Options, asked: readonly Requirement[]): Promise<Selection['skipped']> {
  const { target, calico, context } = options;
  if (target === 'existing') {
    if (context === undefined) return [];
    // What it takes to ask a cluster takes half a second to load.
    const { lookAt } = await import('./look-at.ts');
    return lookAt(options, asked);
  }
  if (target === 'dikastes' && calico === undefined) return [];
  const { versions, means } = await fixed(options);
  return select(asked, versions, means).skipped;
}

async function fixed({ target, calico, lane = 'current' }: Options): Promise<Fixed> {
  if (target === 'kind') {
    const { laneNamed } = await import('../lanes/lane.ts');
    return fixedKind(laneNamed(lane));
  }
  return target === 'dikastes' ? fixedDikastes({ release: calico as string }) : fixedReference(calico);
}
