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
import { unanswered, type Webhook, webhookOf } from './webhook.ts';

const configurationName = 'istio-sidecar-injector';

/**
 * Istio's sidecar injector: lays the templates of the ConfigMap `istio-sidecar-injector` over new pods, also in a
 * dry run. While the cluster has no webhook configuration of that name it does nothing.
 *
 * It refuses a pod with StatusError BadRequest when a template cannot be used, and with InternalError while no pod
 * of istiod is ready.
 */
export function injector(store: Store, rules: IstioRules): AdmissionPlugin {
  return {
    mutate: ({ operation, type, object }) => {
      if (operation !== 'CREATE' || keyOf(type) !== 'Pod') return object;
      const candidate = candidateOf(store, object);
      const webhook = webhookOf(store, configurationName, webhookName(candidate));
      if (webhook === undefined || !rules.injects(candidate)) return object;
      if (!webhook.answers) return withoutInjector(object, webhook, rules);
      return denying(webhook, () => injected(store, rules, object));
    },
  };
}

function candidateOf(store: Store, pod: KubeObject): InjectionCandidate {
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
function webhookName({ namespaceLabels }: InjectionCandidate): string {
  const by = namespaceLabels['istio-injection'] === 'enabled' ? 'namespace' : 'object';
  return `${by}.sidecar-injector.istio.io`;
}

function withoutInjector(pod: KubeObject, webhook: Webhook, rules: IstioRules): KubeObject {
  if (rules.admitsUnanswered(webhook.failurePolicy)) return pod;
  throw unanswered(webhook.name, '/inject');
}

function injected(store: Store, rules: IstioRules, pod: KubeObject): KubeObject {
  const config = injectorConfigOf(store.find('ConfigMap', configurationName, rootNamespace));
  const names = rules.templatesFor(pod.metadata.annotations?.[templatesAnnotation], config.defaultTemplates);
  return injectPod(
    pod,
    names.map((name) => templateOf(config, name)),
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
