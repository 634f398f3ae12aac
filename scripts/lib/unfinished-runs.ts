import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../fixtures/guest/journal.ts';
import { journalFile, type Run } from '../../fixtures/run.ts';
import { projectRoot } from './project-root.ts';

/** The runs of this checkout that have not said that all of their changes are undone. */
export function unfinishedRuns(): Run[] {
  const folder = join(projectRoot, '.state', 'runs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((id) => join(folder, id, 'run.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Run)
    .filter((run) => !new Journal(journalFile(run)).restored);
}
