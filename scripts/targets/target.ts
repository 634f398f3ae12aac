import type { ConformanceReport } from '../../reports/model.ts';
import type { Options } from '../lib/options.ts';
import { startReference } from './reference.ts';

/** Where a run takes place: to all that follows, a kubeconfig and a context in it. */
export interface Target {
  kind: Extract<ConformanceReport['target']['kind'], 'reference' | 'existing'>;
  kubeconfig?: string;
  context: string;
  /** What the report's results speak of. */
  about: (versions: Record<'kubernetes' | 'calico' | 'istio', string>) => string;
  /** Whether someone else's cluster is changed, so that a person has to agree. */
  shared: boolean;
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
    about: ({ kubernetes, calico, istio }) =>
      `an existing cluster with Kubernetes ${kubernetes}, Calico ${calico} and Istio ${istio}`,
    shared: true,
    close: async () => {},
  };
}
