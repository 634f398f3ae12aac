import type { Store } from '../../store/store.ts';
import type { WorkQueue } from './work-queue.ts';

/**
 * What admission decides by: namespaces and their labels, what the injector is configured with, and whether something
 * answers for its webhook. Once one of these changes, what was refused may be let in.
 */
const decisive = [
  'Namespace',
  'ConfigMap',
  'ServiceAccount',
  'Endpoints',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
];

/** Tries refused work again as soon as it may succeed, so that nobody waits for the end of a pause. */
export function retryOnChange(store: Store, queue: WorkQueue): () => void {
  const ends = decisive.map((key) => store.subscribe(key, () => queue.retry()));
  return () => {
    for (const end of ends) end();
  };
}
