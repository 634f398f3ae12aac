import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { IstioRules } from '../rules/istio.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { keyOf } from '../store/resource-type.ts';
import { badRequest } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';
import { injectPod } from './inject-pod.ts';
import { type InjectionCandidate, templatesAnnotation } from './injection.ts';
import { injectorConfigOf, TemplateError, templateOf } from './injector-config.ts';
import { rootNamespace } from './names.ts';
import { askedInjector, injectorsOf, ofRevision } from './revisions.ts';
import { unanswered, type Webhook, webhookOf } from './webhook.ts';

/**
 * Istio's sidecar injector: lays the templates of the ConfigMap `istio-sidecar-injector`, or of its revision's, over
 * new pods, also in a dry run. While the cluster has no webhook configuration of an injector it does nothing.
 *
 * It refuses a pod with StatusError BadRequest when a template cannot be used, and with InternalError while no pod
 * of istiod is ready.
 */
export function injector(store: Store, rules: IstioRules): AdmissionPlugin {
  return {
    mutate: ({ operation, type, object }) => {
      if (operation !== 'CREATE' || keyOf(type) !== 'Pod') return object;
      const asking = askingOf(store, object);
      const asked = askedInjector(injectorsOf(store), asking);
      if (asked === undefined) return object;
      const candidate = { ...asking, askedBy: asked.name, byDefault: asked.byDefault };
      const webhook = webhookOf(store, asked.configuration, webhookName(candidate));
      if (webhook === undefined || !rules.injects(candidate)) return object;
      if (!webhook.answers) return withoutInjector(object, webhook, rules);
      return denying(webhook, () => injected(store, rules, object, asked.revision));
    },
  };
}

function askingOf(store: Store, pod: KubeObject): InjectionCandidate {
  const { namespace = '', labels = {}, annotations = {} } = pod.metadata;
  return {
    namespace,
    namespaceLabels: store.find('Namespace', namespace)?.metadata.labels ?? {},
    podLabels: labels,
    podAnnotations: annotations,
    hostNetwork: (pod.spec as { hostNetwork?: boolean } | undefined)?.hostNetwork === true,
  };
}

/** The injector has a webhook for labelled namespaces and one for labelled pods, which messages name. */
function webhookName({ namespaceLabels, byDefault }: InjectionCandidate): string {
  if (byDefault === false) {
    return `rev.${namespaceLabels['istio.io/rev'] === undefined ? 'object' : 'namespace'}.sidecar-injector.istio.io`;
  }
  const by = namespaceLabels['istio-injection'] === 'enabled' ? 'namespace' : 'object';
  return `${by}.sidecar-injector.istio.io`;
}

function withoutInjector(pod: KubeObject, webhook: Webhook, rules: IstioRules): KubeObject {
  if (rules.admitsUnanswered(webhook.failurePolicy)) return pod;
  throw unanswered(webhook.name, '/inject');
}

function injected(store: Store, rules: IstioRules, pod: KubeObject, revision: string): KubeObject {
  const name = ofRevision('istio-sidecar-injector', revision);
  const config = injectorConfigOf(store.find('ConfigMap', name, rootNamespace));
  const names = rules.templatesFor(pod.metadata.annotations?.[templatesAnnotation], config.defaultTemplates);
  return injectPod(
    pod,
    names.map((name) => templateOf(config, name)),
    revision,
  );
}

function denying<T>({ name }: Webhook, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw badRequest(
      `admission webhook "${name}" denied the request: failed to run injection template: ${error.message}`,
    );
  }
}
