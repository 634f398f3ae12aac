import { type Check, fits, unfit } from './check.ts';

export const calicoApi: Check = {
  name: "Calico's API",
  look: async (cluster) => {
    for (const kind of ['GlobalNetworkPolicy', 'FelixConfiguration']) {
      if (await cluster.supports('projectcalico.org/v3', kind)) continue;
      return unfit(
        `The cluster does not serve projectcalico.org/v3 ${kind}`,
        "install Calico's API server, or Calico 3.32 or newer with native v3 CRDs",
      );
    }
    return fits('The cluster serves projectcalico.org/v3');
  },
};
