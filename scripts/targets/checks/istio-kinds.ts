import { listWhereServed } from '../../../fixtures/cluster/served.ts';
import { type Check, fits, unfit } from './check.ts';

/**
 * `istioctl uninstall --purge` takes Istio's kinds out as well, and with them every object of theirs (istio
 * `operator/pkg/uninstall/prune.go`). What was there before the run must not go that way.
 */
export const istioKinds: Check = {
  name: 'what another Istio has left',
  look: async (cluster, { inspection }) => {
    if (inspection.istioInstalled) return fits('Istio is there, and stays');
    const definitions = await listWhereServed(cluster, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
    });
    const left = definitions
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.endsWith('.istio.io'))
      .sort();
    if (left.length === 0) return fits('No other Istio has left anything');
    const named =
      left.length > 3 ? `${left.slice(0, 3).join(', ')} and ${left.length - 3} more` : left.join(', ');
    return unfit(
      `The cluster has kinds of Istio's (${named}) and no Istio, and taking ours out again would take them along with every object of theirs`,
      'install Istio yourself, or delete these kinds once no one needs their objects',
    );
  },
};
