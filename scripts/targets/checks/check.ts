import type { Cluster } from '../../../fixtures/cluster/client.ts';
import type { Options } from '../../lib/options.ts';
import type { Inspection } from '../inspect.ts';

/** What one look at a cluster came to. */
export interface Finding {
  /**
   * `unfit`: no run can be made. `note`: one can, and whoever makes it should know this. `untold`: it could not be
   * seen from here, and nothing speaks against a run.
   */
  verdict: 'fit' | 'unfit' | 'note' | 'untold';
  /** One sentence without its stop. */
  found: string;
  /** What to do about it, to be read after a colon. */
  todo?: string;
}

/** What is known of the cluster when the looks begin, and what a person asked for. */
export interface Circumstances {
  inspection: Inspection;
  options: AskedOptions;
}

export type AskedOptions = Partial<
  Pick<Options, 'istioctl' | 'dikastesImage' | 'revision' | 'gateway' | 'ingress' | 'pullSecret' | 'meshCa'>
>;

/** What a look found, by the name of what was looked at. */
export interface Looked extends Finding {
  name: string;
}

/** One thing that a run needs of a cluster. A look changes nothing. */
export interface Check {
  /** What is looked at, in few words. */
  name: string;
  look: (cluster: Cluster, circumstances: Circumstances) => Promise<Finding>;
}

export const fits = (found: string): Finding => ({ verdict: 'fit', found });
export const note = (found: string, todo?: string): Finding => ({
  verdict: 'note',
  found,
  ...(todo !== undefined && { todo }),
});
export const untold = (found: string): Finding => ({ verdict: 'untold', found });
export const unfit = (found: string, todo: string): Finding => ({ verdict: 'unfit', found, todo });

/** A finding in one sentence. */
export function sentenceOf({ found, todo }: Finding): string {
  return todo === undefined ? `${found}.` : `${found}: ${todo}.`;
}
