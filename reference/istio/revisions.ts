import type { Store } from '../store/store.ts';
import { revision as defaultRevision, type InjectionCandidate } from './injection.ts';

/** An injector, by the name of its revision or of one of its tags. */
export interface Injector {
  /** Its webhook configuration. */
  configuration: string;
  name: string;
  revision: string;
  /** Whether labels that name no revision ask for it. */
  byDefault: boolean;
}

/** The injectors that the cluster has webhook configurations of. */
export function injectorsOf(store: Store): Injector[] {
  return store
    .list('MutatingWebhookConfiguration.admissionregistration.k8s.io')
    .filter(({ metadata }) => metadata.labels?.app === 'sidecar-injector')
    .map(({ metadata, webhooks }) => {
      const revision = metadata.labels?.['istio.io/rev'] ?? defaultRevision;
      const own = (webhooks ?? []) as { name: string }[];
      return {
        configuration: metadata.name,
        name: metadata.labels?.['istio.io/tag'] ?? revision,
        revision,
        byDefault: own.some(({ name }) => name === 'namespace.sidecar-injector.istio.io'),
      };
    });
}

/** The one that a pod's or its namespace's labels ask for by name, else the default one. */
export function askedInjector(
  injectors: readonly Injector[],
  { namespaceLabels, podLabels }: InjectionCandidate,
): Injector | undefined {
  const named =
    namespaceLabels['istio-injection'] === undefined
      ? (namespaceLabels['istio.io/rev'] ?? podLabels['istio.io/rev'])
      : undefined;
  return injectors.find(({ name, byDefault }) => (named === undefined ? byDefault : name === named));
}

/** What a revision calls its own copy of something; the default one has no name in it. */
export function ofRevision(name: string, revision: string): string {
  return revision === defaultRevision ? name : `${name}-${revision}`;
}
