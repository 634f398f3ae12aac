import { loadCatalogue } from '../../specs/catalogue.ts';
import { inProfile } from '../../specs/selection.ts';
import type { Options } from './options.ts';

/** Prints what a run would prove, a requirement a line. */
export function listRequirements(options: Options): number {
  for (const { id, level, statement } of asked(options))
    process.stdout.write(`${id}  ${level}  ${statement}\n`);
  return 0;
}

/** The requirements that were asked for: those named, else the profile's. */
export function asked({ profile, requirement }: Pick<Options, 'profile' | 'requirement'>) {
  const catalogue = loadCatalogue();
  if (requirement.length === 0) return inProfile(catalogue, profile);
  return catalogue.filter(({ id }) => requirement.includes(id));
}
