import { ApiError } from '../../fixtures/cluster/errors.ts';
import type { KubeObject, Ref } from '../../fixtures/cluster/objects.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { askForDikastes, dikastesImageOf, isLegacy } from '../../fixtures/injector/ask.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { dikastesTemplate, templateIn, withTemplate } from '../../fixtures/injector/template.ts';
import { istioNamespace } from './installing-istio.ts';
import { legacyConfig } from './legacy-injector.ts';
import type { Step } from './step.ts';

export const injectorConfigMap: Ref = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: istioNamespace,
  name: 'istio-sidecar-injector',
};

/**
 * Adds Dikastes to the injector. For current releases a custom template goes into the injector's ConfigMap,
 * which is where `values.sidecarInjectorWebhook.templates` ends up too; so it works however Istio was installed
 * and can be taken back. For Istio 1.15 it is Calico's own patch of that ConfigMap, as in the tutorial.
 */
export const sidecarInjector: Step = {
  title: 'Sidecar injector',
  changes: 'adds Dikastes to the sidecar injector (ConfigMap istio-sidecar-injector)',
  present: async ({ cluster, run }) => {
    const config = configOf(await cluster.get(injectorConfigMap));
    return isLegacy(run.versions.istio)
      ? config.includes('name: dikastes')
      : templateIn(config, 'dikastes') !== undefined;
  },
  apply: async ({ cluster, guest, run }) => {
    const config = configOf(await cluster.get(injectorConfigMap));
    const image = dikastesImageOf(run);
    const { native } = await dryRunInjection(cluster, 'default');
    const patched = isLegacy(run.versions.istio)
      ? await legacyConfig(run.versions.calico, image)
      : withTemplate(config, 'dikastes', dikastesTemplate({ image, native }));
    await guest.patch(injectorConfigMap, { data: { config: patched } });
  },
  verify: async (walk) => {
    const { cluster, run } = walk;
    const shape = await pollFor(
      async () => {
        const injected = await dryRunInjection(cluster, 'default', askForDikastes(run.versions.istio)).catch(
          onUnknownTemplate,
        );
        return injected?.dikastesImage === undefined ? undefined : injected;
      },
      { intervalMs: 250, timeoutMs: 60_000, what: 'the injector to add dikastes to a dry-run pod' },
    );
    walk.learn({ dikastesImage: shape.dikastesImage as string });
  },
};

/** Until istiod has read the changed ConfigMap, its webhook refuses pods that ask for the new template. */
function onUnknownTemplate(error: unknown): undefined {
  if (error instanceof ApiError && /requested template "dikastes" not found/.test(error.message))
    return undefined;
  throw error;
}

function configOf(configMap: KubeObject): string {
  const config = (configMap.data as { config?: string } | undefined)?.config;
  if (config === undefined) {
    throw new Error(
      'ConfigMap istio-system/istio-sidecar-injector has no config, so Dikastes cannot be added.',
    );
  }
  return config;
}
