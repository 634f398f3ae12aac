import { openSandbox } from '../../fixtures/sandbox/open.ts';
import type { Step } from './step.ts';

/**
 * Not of the tutorial: the sandboxes of all workers, made at once here instead of one by one when their workers
 * start. Their pods become ready only when Dikastes is in sync with Felix, so this shows the mesh to be in force.
 */
export const sandboxes: Step = {
  title: 'Sandboxes for the probes',
  changes: 'makes two or three namespaces of probing pods for each worker',
  present: async () => false,
  apply: async ({ cluster, run }) => {
    const slots = Array.from({ length: run.workers }, (_, slot) => slot);
    await Promise.all(slots.map((slot) => openSandbox(cluster, run, slot)));
  },
  verify: async ({ cluster, run }) => {
    await openSandbox(cluster, run, 0);
  },
};
