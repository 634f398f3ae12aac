import { isActive, isReady } from '../cluster/pod.ts';
import { StatusError } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';
import { rootNamespace } from './names.ts';

/** A webhook of istiod's, as the API server calls it. */
export interface Webhook {
  name: string;
  failurePolicy: string;
  /** Whether there is a ready pod of istiod to call. */
  answers: boolean;
}

/** The webhook of that name; undefined while the cluster has no such configuration. */
export function webhookOf(store: Store, configuration: string, name: string): Webhook | undefined {
  const found = store.find('MutatingWebhookConfiguration.admissionregistration.k8s.io', configuration);
  if (found === undefined) return undefined;
  const { webhooks = [] } = found as { webhooks?: { name: string; failurePolicy?: string }[] };
  const { failurePolicy = 'Fail' } = webhooks.find((webhook) => webhook.name === name) ?? {};
  return { name, failurePolicy, answers: istiodAnswers(store) };
}

/** Whether a pod of istiod is ready. */
export function istiodAnswers(store: Store): boolean {
  return store
    .list('Pod', rootNamespace)
    .some((pod) => pod.metadata.labels?.app === 'istiod' && isActive(pod) && isReady(pod));
}

/** What the API server says of a webhook that it cannot call. */
export function unanswered(webhook: string, path: string): StatusError {
  const url = `https://istiod.${rootNamespace}.svc:443${path}?timeout=10s`;
  const message = `failed calling webhook "${webhook}": failed to call webhook: Post "${url}": no endpoints available for service "istiod"`;
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`);
}
