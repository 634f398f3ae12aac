import { apiRules } from '../calico/rules/api.ts';
import { dikastesRules } from '../calico/rules/dikastes.ts';
import { entityRules } from '../calico/rules/entity.ts';
import { httpRules } from '../calico/rules/http.ts';
import { identityRules } from '../calico/rules/identity.ts';
import { orderRules } from '../calico/rules/order.ts';

/**
 * What Calico promises about policies at L4 (Felix) and L7 (Dikastes): its documentation, the fixed behaviour where
 * releases had a bug, and what was measured where the documentation is silent. What a release does otherwise is a
 * deviation.
 */
export const calicoRules = {
  ...orderRules,
  ...entityRules,
  ...httpRules,
  ...identityRules,
  ...dikastesRules,
  ...apiRules,
};

export type CalicoRules = typeof calicoRules;
