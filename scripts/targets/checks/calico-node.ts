import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Check, fits, note, unfit } from './check.ts';

/**
 * The DaemonSet that brings Felix to every node. Whose network it is does not matter: Canal brings Felix too (calico
 * `manifests/canal.yaml`), and so does Calico beside a network of a cloud's own.
 */
export const calicoNode: Check = {
  name: 'Calico on the nodes',
  look: async (cluster) => {
    const all = await cluster.list({ apiVersion: 'apps/v1', kind: 'DaemonSet' });
    const felix = all.find(runsFelix);
    if (felix === undefined) {
      const others = all.map(({ metadata }) => metadata.name).filter((name) => otherNetworks.test(name));
      const instead = others.length === 0 ? '' : `, but ${others.join(' and ')}`;
      return unfit(
        `The cluster has no calico-node${instead}`,
        "install Calico with its v3 API and CSI driver, as https://docs.tigera.io/calico says for the cluster's kind",
      );
    }
    const { namespace, name } = felix.metadata;
    const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = (felix.status ?? {}) as Status;
    if (wanted === 0) {
      return unfit(
        `DaemonSet ${namespace}/${name} is for none of the nodes, so no policy takes effect`,
        'see which nodes its nodeSelector and affinity name',
      );
    }
    if (ready === 0) {
      return unfit(
        `No pod of DaemonSet ${namespace}/${name} is ready, so no policy takes effect`,
        `see what \`kubectl -n ${namespace} describe daemonset ${name}\` says, and its pods' logs`,
      );
    }
    return ready < wanted
      ? note(`Calico is ready on ${ready} of ${wanted} nodes, and policy takes effect on no other`)
      : fits(`Calico runs on the nodes (DaemonSet ${namespace}/${name})`);
  },
};

interface Status {
  desiredNumberScheduled?: number;
  numberReady?: number;
}

/** Other networks that enforce policy themselves, by the names of their DaemonSets. */
const otherNetworks = /^(cilium|weave-net|kube-router|antrea-agent|kube-flannel|kindnet|anetd)/;

function runsFelix({ spec }: KubeObject): boolean {
  const { template } = (spec ?? {}) as { template?: { spec?: { containers?: { name: string }[] } } };
  return (template?.spec?.containers ?? []).some(({ name }) => name === 'calico-node');
}
