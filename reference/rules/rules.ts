import { type CalicoRules, calicoRules } from './calico.ts';
import { type EnvoyRules, envoyRules } from './envoy.ts';
import { type IstioRules, istioRules } from './istio.ts';

/**
 * Every decision of the mesh that a defect may get wrong, each a small pure function. What the mesh does is this
 * record; a deviation of a release, or a fault, is another record laid over it.
 */
export type Rules = CalicoRules & EnvoyRules & IstioRules;

/** What the documentation promises, and what was measured where it is silent. */
export const promised: Rules = { ...calicoRules, ...envoyRules, ...istioRules };

/** The rules with others laid over them; of two that replace the same rule the later one holds. */
export function overlay<Base extends object>(rules: Base, ...over: readonly Partial<Base>[]): Base {
  return Object.assign({}, rules, ...over);
}
