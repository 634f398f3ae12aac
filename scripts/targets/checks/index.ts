import { addresses } from './addresses.ts';
import { admission } from './admission.ts';
import { ambient } from './ambient.ts';
import { calicoApi } from './calico-api.ts';
import { calicoNode } from './calico-node.ts';
import { calicoRelease } from './calico-release.ts';
import type { Check } from './check.ts';
import { csiDriver } from './csi-driver.ts';
import { dataPlane } from './data-plane.ts';
import { foreignPolicies } from './foreign-policies.ts';
import { gatewayHosts } from './gateway-hosts.ts';
import { gateways } from './gateways.ts';
import { injector } from './injector.ts';
import { istio } from './istio.ts';
import { istioKinds } from './istio-kinds.ts';
import { istioctl } from './istioctl.ts';
import { meshSettings } from './mesh-settings.ts';
import { nativeSidecars } from './native-sidecars.ts';
import { nodes } from './nodes.ts';
import { permissions } from './permissions.ts';
import { pullSecret } from './pull-secret.ts';
import { sidecars } from './sidecars.ts';
import { tutorialPolicyNames } from './tutorial-policies.ts';

/** Everything that is looked at before a run, in the order in which it is told. */
export const checks: readonly Check[] = [
  permissions,
  nodes,
  addresses,
  calicoNode,
  calicoApi,
  calicoRelease,
  csiDriver,
  dataPlane,
  foreignPolicies,
  tutorialPolicyNames,
  istio,
  istioctl,
  istioKinds,
  nativeSidecars,
  ambient,
  injector,
  meshSettings,
  sidecars,
  gateways,
  gatewayHosts,
  pullSecret,
  admission,
];
