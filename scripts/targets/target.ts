import type { Run } from '../../fixtures/run.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import type { ClusterOptions, Options } from '../lib/options.ts';
import type { Timeline } from '../lib/timeline.ts';
import { startReference } from './reference.ts';

/** Where a run takes place: to all that follows, a kubeconfig and a context in it. */
export interface Target {
  kind: Extract<ConformanceReport['target']['kind'], 'reference' | 'existing' | 'kind'>;
  kubeconfig?: string;
  context: string;
  /** What the report's results speak of; of a cluster only its versions are known. */
  about?: string;
  /** Whether someone else's cluster is changed, so that a person has to agree. */
  shared: boolean;
  /** Aborted when a target of the run's own has ended by itself, with an error that says so. */
  lost?: AbortSignal;
  /** Whether it ends with the run, so that nothing that is done to it need be undone. */
  disposable?: boolean;
  /** What its pods shall run, where that is known beforehand: the images of a bundle. */
  images?: readonly string[];
  /** Options that follow from how it was made. */
  settings?: Partial<Pick<Options, 'ingress' | 'istioctl' | 'agentImage'>>;
  /** Gives back what was made for this run; whoever asks again is not needed. */
  close: () => Promise<void>;
}

/**
 * Opens the target that was asked for.
 *
 * @param run its id, and its folder for what a target of its own has to keep.
 */
export async function openTarget(
  options: ClusterOptions,
  run: Pick<Run, 'id' | 'folder'>,
  course: { timeline: Timeline; signal: AbortSignal },
): Promise<Target> {
  if (options.target === 'reference') return startReference({ folder: run.folder, calico: options.calico });
  if (options.target === 'existing') return existing(options);
  // What makes a cluster takes a while to load, which other targets need not wait for.
  const { openKind } = await import('./kind/open.ts');
  return openKind(options, run, course);
}

function existing({ kubeconfig, context = '' }: ClusterOptions): Target {
  return {
    kind: 'existing',
    ...(kubeconfig !== undefined && { kubeconfig }),
    context,
    shared: true,
    close: async () => {},
  };
}
