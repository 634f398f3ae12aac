import { type Check, fits, unfit } from './check.ts';

/** Calico's documentation rules out application layer policy together with Istio's ambient mode. */
export const ambient: Check = {
  name: 'ambient mode',
  look: async (cluster) => {
    const [ztunnels, namespace] = await Promise.all([
      cluster.list({ apiVersion: 'apps/v1', kind: 'DaemonSet', labelSelector: 'app=ztunnel' }),
      cluster.find({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }),
    ]);
    const mode = namespace?.metadata.labels?.['istio.io/dataplane-mode'];
    return ztunnels.length === 0 && mode !== 'ambient'
      ? fits('The mesh does not run in ambient mode')
      : unfit(
          'The mesh runs in ambient mode, with which application layer policy does not work',
          'use a cluster whose Istio runs sidecars',
        );
  },
};
