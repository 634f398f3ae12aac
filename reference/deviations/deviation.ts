import type { CalicoRules } from '../rules/calico.ts';

/** Where released versions do otherwise than is promised. */
export interface Deviation {
  /** As its file is named. */
  name: string;
  product: 'calico';
  /** A range of releases, as `semver` has it. */
  versions: string;
  /** Where it is reported, or where the code does it. */
  link: string;
  /** What the releases do, in a sentence or two. */
  story: string;
  /** The rules it replaces. */
  rules: Partial<CalicoRules>;
}

export function deviation(deviation: Deviation): Deviation {
  return deviation;
}
