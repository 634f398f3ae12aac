import { UsageError } from '../../fixtures/usage-error.ts';
import { loadCatalogue, type Requirement } from '../../specs/catalogue.ts';
import { inProfile, laterProfiles } from '../../specs/selection.ts';
import type { Options } from './options.ts';

const notYet = 'is declared and not proven yet: docs/requirements.md says what it will prove';

/**
 * The requirements that were asked for: those named, else the profile's, of the areas that were named.
 *
 * @throws UsageError with one sentence, when that is nothing, or nothing that can be proven yet.
 */
export function askedFor({
  profile,
  area,
  requirement,
}: Pick<Options, 'profile' | 'area' | 'requirement'>): Requirement[] {
  const catalogue = loadCatalogue();
  if (requirement.length > 0) return named(catalogue, requirement);
  if (laterProfiles.includes(profile)) throw new UsageError(`the profile ${profile} ${notYet}`);
  return area.length === 0 ? inProfile(catalogue, profile) : inAreas(catalogue, profile, area);
}

function named(catalogue: readonly Requirement[], ids: readonly string[]): Requirement[] {
  for (const id of ids) {
    const found = catalogue.find((one) => one.id === id);
    if (found === undefined)
      throw new UsageError(`there is no requirement ${id}; docs/requirements.md has them all`);
    if (found.profile === undefined) continue;
    throw new UsageError(`${id} is of the profile ${found.profile}, which ${notYet}`);
  }
  return catalogue.filter(({ id }) => ids.includes(id));
}

function inAreas(
  catalogue: readonly Requirement[],
  profile: Options['profile'],
  areas: readonly string[],
): Requirement[] {
  const known = [...new Set(catalogue.map(({ area }) => area))].sort();
  const unknown = areas.find((area) => !known.includes(area));
  if (unknown !== undefined) {
    throw new UsageError(`there is no area ${unknown}; there are ${known.join(', ')}`);
  }
  const within = (name: Options['profile']) =>
    inProfile(catalogue, name).filter(({ area }) => areas.includes(area));
  const asked = within(profile);
  if (asked.length > 0) return asked;
  const hint = within('extended').length > 0 ? '; add --profile extended' : '';
  throw new UsageError(`the profile ${profile} has nothing in ${areas.join(', ')}${hint}`);
}
