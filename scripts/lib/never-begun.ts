import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../fixtures/run.ts';
import { kindLeaves } from '../targets/kind/record.ts';

/** Removes the folder of a run that was never begun, unless it has what `down` or a person needs, such as a report. */
export function forgetIfNeverBegun({ folder }: Pick<Run, 'folder'>): void {
  const worth = ['run.json', join('report', 'report.yaml'), ...kindLeaves];
  if (worth.some((name) => existsSync(join(folder, name)))) return;
  rmSync(folder, { recursive: true, force: true });
}
