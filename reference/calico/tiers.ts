import type { CalicoRules } from '../rules/calico.ts';
import type { Policy, Rule } from './compile.ts';
import type { Endpoint } from './members.ts';
import type { Direction, Layer } from './policy.ts';
import type { View } from './view.ts';

export interface Question {
  view: View;
  endpoint: Endpoint;
  direction: Direction;
  layer: Layer;
}

/**
 * Takes traffic through the tiers whose policies apply to an endpoint. Within a tier the first rule that matches and
 * does more than log decides; after the last tier the profile does (Calico reference, Tier).
 *
 * @param matches whether a rule matches; `invalid` ends it all.
 */
export function evaluate(
  { view, endpoint, direction, layer }: Question,
  matches: (rule: Rule) => boolean | 'invalid',
  rules: CalicoRules,
): 'allow' | 'deny' | 'invalid' {
  const tiers = view.tiers.flatMap(({ defaultAction, policies }) => {
    const applied = policies.filter(
      ({ kind, appliesTo }) => rules.enforces(kind, layer) && appliesTo(endpoint),
    );
    return applied.length === 0 ? [] : [{ defaultAction, applied }];
  });
  for (const { defaultAction, applied } of rules.tiersEvaluated(tiers, layer)) {
    const policies = applied.filter(({ types }) => types.includes(direction));
    if (rules.skipsTier(policies.length, layer)) continue;
    const outcome = firstMatch(policies, direction, matches, rules) ?? rules.endOfTier(defaultAction, layer);
    if (outcome !== 'pass') return outcome;
    if (rules.afterPass(layer) === 'profiles') break;
  }
  return rules.withoutPolicy(layer);
}

function firstMatch(
  policies: readonly Policy[],
  direction: Direction,
  matches: (rule: Rule) => boolean | 'invalid',
  rules: CalicoRules,
): 'allow' | 'deny' | 'pass' | 'invalid' | undefined {
  for (const { ingress, egress } of policies) {
    for (const rule of direction === 'Ingress' ? ingress : egress) {
      const match = matches(rule);
      if (match === 'invalid') return match;
      const outcome = rules.outcomeOf(rule.action);
      if (match && outcome !== 'next rule') return outcome;
    }
  }
  return undefined;
}
