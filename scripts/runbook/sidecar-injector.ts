import { ApiError } from '../../fixtures/cluster/errors.ts';
import { type KubeObject, nameOf, refOf } from '../../fixtures/cluster/objects.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { askForDikastes, dikastesImageOf, isLegacy } from '../../fixtures/injector/ask.ts';
import { dryRunInjection } from '../../fixtures/injector/dry-run.ts';
import { findInjection } from '../../fixtures/injector/injection.ts';
import { placementOf } from '../../fixtures/injector/placement.ts';
import { dikastesTemplate, templateIn, withTemplate } from '../../fixtures/injector/template.ts';
import { legacyConfig } from './legacy-injector.ts';
import type { Step } from './step.ts';

/**
 * Adds Dikastes to the injector. For current releases a custom template goes into the injector's ConfigMap,
 * which is where `values.sidecarInjectorWebhook.templates` ends up too; so it works however Istio was installed
 * and can be taken back. For Istio 1.15 it is Calico's own patch of that ConfigMap, as in the tutorial.
 */
export const sidecarInjector: Step = {
  title: 'Sidecar injector',
  changes: "adds Dikastes to the sidecar injector (ConfigMap istio-sidecar-injector, or its revision's)",
  present: async ({ cluster, run }) => {
    const { configMap } = await findInjection(cluster, run.revision);
    const config = configOf(await cluster.get(configMap));
    return isLegacy(run.versions.istio)
      ? config.includes('name: dikastes')
      : templateIn(config, 'dikastes') !== undefined;
  },
  apply: async (walk) => {
    const { cluster, guest, run } = walk;
    const { configMap } = await findInjection(cluster, run.revision);
    const config = configOf(await cluster.get(configMap));
    const image = dikastesImageOf(run);
    const limits = (await placementOf(cluster, run)).limits !== undefined;
    const { native } = await dryRunInjection(cluster, (await walk.witness()).mesh);
    const patched = isLegacy(run.versions.istio)
      ? await legacyConfig(run.versions.calico, image, limits)
      : withTemplate(config, 'dikastes', dikastesTemplate({ image, native, limits }));
    await guest.patch(configMap, { data: { config: patched } });
  },
  verify: async (walk) => {
    const { cluster, run } = walk;
    const { mesh } = await walk.witness();
    const shape = await pollFor(
      async () => {
        const injected = await dryRunInjection(cluster, mesh, askForDikastes(run.versions.istio)).catch(
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
    throw new Error(`${nameOf(refOf(configMap))} has no config, so Dikastes cannot be added.`);
  }
  return config;
}
