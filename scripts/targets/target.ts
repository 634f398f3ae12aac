import type { ConformanceReport } from '../../reports/model.ts';
import type { Options } from '../lib/options.ts';
import { startReference } from './reference.ts';

/** Where a run takes place: to all that follows, a kubeconfig and a context in it. */
export interface Target {
  kind: Extract<ConformanceReport['target']['kind'], 'reference' | 'existing'>;
  kubeconfig?: string;
  context: string;
  /** What the report's results speak of; of a cluster only its versions are known. */
  about?: string;
  /** Whether someone else's cluster is changed, so that a person has to agree. */
  shared: boolean;
  /** Aborted when a target of the run's own has ended by itself, with an error that says so. */
  lost?: AbortSignal;
  /** Gives back what was made for this run. */
  close: () => Promise<void>;
}

/**
 * Opens the target that was asked for.
 *
 * @param folder the run's, for what a target of its own has to keep.
 */
export async function openTarget(options: Options, folder: string): Promise<Target> {
  return options.target === 'reference'
    ? startReference({ folder, calico: options.calico })
    : existing(options);
}

function existing({ kubeconfig, context = '' }: Options): Target {
  return {
    kind: 'existing',
    ...(kubeconfig !== undefined && { kubeconfig }),
    context,
    shared: true,
    close: async () => {},
  };
}
