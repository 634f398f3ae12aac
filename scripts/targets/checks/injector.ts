import { nameOf } from '../../../fixtures/cluster/objects.ts';
import { isLegacy } from '../../../fixtures/injector/ask.ts';
import { templateIn } from '../../../fixtures/injector/template.ts';
import { type Check, fits, unfit } from './check.ts';
import { injectionWhereClear } from './mesh.ts';

export const injector: Check = {
  name: 'the sidecar injector',
  look: async (cluster, circumstances) => {
    const injection = await injectionWhereClear(cluster, circumstances);
    if (injection === undefined) return fits('There is no injector to look at yet');
    const { namespace, name } = injection.configMap;
    const configMap = await cluster.find(injection.configMap);
    const config = (configMap?.data as { config?: string } | undefined)?.config;
    if (config === undefined) {
      return unfit(
        `Istio has no sidecar injector to add Dikastes to (ConfigMap ${namespace}/${name})`,
        'install Istio with its injector',
      );
    }
    const { istio } = circumstances.inspection.versions;
    if (!isLegacy(istio) && !hasTemplates(config)) {
      return unfit(
        `The sidecar injector of Istio ${istio} has no template that Dikastes could be laid over`,
        'use Istio 1.15, or 1.22 or newer',
      );
    }
    return fits(`Dikastes can be added to ${nameOf(injection.configMap)}`);
  },
};

function hasTemplates(config: string): boolean {
  try {
    return templateIn(config, 'sidecar') !== undefined;
  } catch {
    return false;
  }
}
