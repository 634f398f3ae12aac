import { parse } from 'yaml';
import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { selects } from '../../../fixtures/cluster/label-selector.ts';
import type { Injection } from '../../../fixtures/injector/injection.ts';
import { discoveryLabels, findMeshConfig, type MeshConfig } from '../../../fixtures/injector/mesh-config.ts';
import { type Check, type Finding, fits, note, unfit } from './check.ts';
import { injectionWhereClear } from './mesh.ts';

/** What is set for the whole mesh otherwise than a run can do with. */
export const meshSettings: Check = {
  name: "the mesh's settings",
  look: async (cluster, circumstances) => {
    const injection = await injectionWhereClear(cluster, circumstances);
    if (injection === undefined) return fits('There are no settings to look at yet');
    const [mesh, clusterDomain, namespace] = await Promise.all([
      findMeshConfig(cluster, injection),
      clusterDomainOf(cluster, injection),
      cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }),
    ]);
    return judge(mesh, {
      namespace: injection.namespace,
      clusterDomain,
      shopLabels: { 'kubernetes.io/metadata.name': 'default', ...namespace?.metadata.labels },
    });
  },
};

interface Surroundings {
  /** Istio's. */
  namespace: string;
  clusterDomain: string;
  /** Of the namespace of the shop. */
  shopLabels: Record<string, string>;
}

export function judge(mesh: MeshConfig, { namespace, clusterDomain, shopLabels }: Surroundings): Finding {
  const { rootNamespace = namespace, accessLogFormat = '', discoverySelectors = [] } = mesh;
  if (rootNamespace !== namespace) {
    return unfit(
      `The mesh's root namespace is ${rootNamespace}, and what the run makes for the whole mesh goes to ${namespace}`,
      `set rootNamespace to ${namespace}, or use another cluster`,
    );
  }
  if (clusterDomain !== 'cluster.local') {
    return unfit(
      `The cluster's domain is ${clusterDomain}, and the tutorial's routes are for names in cluster.local`,
      'use a cluster with the usual domain',
    );
  }
  if (
    discoverySelectors.length > 0 &&
    !discoverySelectors.some((selector) => selects(selector, shopLabels))
  ) {
    return unfit(
      'istiod takes no notice of namespace default, which none of its discoverySelectors selects',
      'label it as one of them asks',
    );
  }
  if (discoveryLabels(mesh) === undefined) {
    return unfit(
      'None of the discoverySelectors of the mesh can select a new namespace by its labels, so istiod would take no notice of the sandboxes',
      'add one with matchLabels',
    );
  }
  const exported = mesh.defaultServiceExportTo ?? ['*'];
  if (!exported.includes('*')) {
    return unfit(
      `The mesh shows Services to ${exported.join(', ')} only (defaultServiceExportTo), so the gateway cannot find the front end`,
      'let Services be seen by all, or use another cluster',
    );
  }
  // Without them a denial cannot be told from another (`fixtures/verdicts/access-log.ts`).
  const missing = ['%REQ(USER-AGENT)%', '%RESPONSE_CODE_DETAILS%'].filter(
    (word) => !accessLogFormat.includes(word),
  );
  if (accessLogFormat !== '' && missing.length > 0) {
    return unfit(
      `The mesh's accessLogFormat leaves out ${missing.join(' and ')}, without which no one can tell which layer denied a request`,
      'add what is missing, or take the default format',
    );
  }
  return mesh.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY'
    ? note(
        'Sidecars refuse what is no Service (outboundTrafficPolicy REGISTRY_ONLY), so requests of the mesh to pod addresses are answered otherwise than by default',
      )
    : fits("The mesh's settings are such as a run can do with");
}

/** The domain of the cluster's names, which the injector tells sidecars. */
async function clusterDomainOf(cluster: Cluster, { configMap }: Injection): Promise<string> {
  const { values = '{}' } = ((await cluster.find(configMap))?.data ?? {}) as { values?: string };
  const { global } = (parse(values) ?? {}) as { global?: { proxy?: { clusterDomain?: string } } };
  return global?.proxy?.clusterDomain ?? 'cluster.local';
}
