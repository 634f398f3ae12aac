import { type Check, fits, unfit } from './check.ts';

export const csiDriver: Check = {
  name: "Calico's CSI driver",
  look: async (cluster) => {
    const driver = { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name: 'csi.tigera.io' };
    return (await cluster.find(driver)) === undefined
      ? unfit(
          "The cluster has no CSI driver csi.tigera.io, which brings Felix's socket to Dikastes",
          "apply Calico's manifests/csi-driver.yaml, or let the operator install it",
        )
      : fits("CSI driver csi.tigera.io brings Felix's socket to Dikastes");
  },
};
