import { parseSelector, type Selector, SelectorError } from '../../../fixtures/selectors/selector.ts';
import type { Action, Direction, Layer, PolicyKind, PolicyRank, PolicySpec, Rank } from '../policy.ts';

/** Which policies count, for whom, and in what order (Calico reference, GlobalNetworkPolicy and Tier). */
export const orderRules = {
  /** Staged policies are never enforced (Calico, network-policy/staged-network-policies). */
  enforces: (kind: PolicyKind, _layer: Layer): boolean => !kind.startsWith('Staged'),

  /**
   * Within a tier the lower order is first and no order is last; equals go by name, whatever their kinds
   * (GlobalNetworkPolicy, `order`; ties measured).
   */
  comparePolicies: (one: PolicyRank, other: PolicyRank): number => {
    const [first, second] = [one.order ?? Infinity, other.order ?? Infinity];
    if (first !== second) return first - second;
    return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  },

  /** As policies: by order, then by name (Tier, `order`). */
  compareTiers: (one: Rank, other: Rank): number => {
    const [first, second] = [one.order ?? Infinity, other.order ?? Infinity];
    if (first !== second) return first - second;
    return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  },

  /** As written; else Egress when there are only egress rules, and Ingress (GlobalNetworkPolicy, `types`). */
  typesOf: ({ types, ingress = [], egress = [] }: PolicySpec): readonly Direction[] => {
    if (types !== undefined && types.length > 0) return types;
    if (egress.length === 0) return ['Ingress'];
    return ingress.length === 0 ? ['Egress'] : ['Ingress', 'Egress'];
  },

  /** A policy applies to endpoints that all its selectors select (GlobalNetworkPolicy). */
  policyApplies: (selects: { endpoint: boolean; namespace: boolean; serviceAccount: boolean }): boolean =>
    selects.endpoint && selects.namespace && selects.serviceAccount,

  /**
   * What a policy's selector selects; undefined when it does not parse, and then the whole policy is as if it were
   * not there (measured on 3.32.1).
   */
  selectorOf: (text: string): Selector | undefined => {
    try {
      return parseSelector(text);
    } catch (error) {
      if (error instanceof SelectorError) return undefined;
      throw error;
    }
  },

  /** What a rule that matches leads to; Log only logs, so that the next rule is tried (Calico reference, Rule). */
  outcomeOf: (action: Action): 'allow' | 'deny' | 'pass' | 'next rule' => {
    const outcomes = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'next rule' } as const;
    return outcomes[action];
  },

  /** The tiers, of those with a policy that applies to the endpoint, that are evaluated: all (Tier). */
  tiersEvaluated: <T>(tiers: readonly T[], _layer: Layer): readonly T[] => tiers,

  /** A tier whose policies say nothing about a direction does not decide about it (Tier). */
  skipsTier: (policies: number, _layer: Layer): boolean => policies === 0,

  /** What becomes of traffic that a tier applies to and none of its rules matches (Tier, `defaultAction`). */
  endOfTier: (defaultAction: string | undefined, _layer: Layer): 'deny' | 'pass' =>
    defaultAction === 'Pass' ? 'pass' : 'deny',

  /** Where a Pass leads to: the next tier, and the profiles after the last (Calico reference, Rule). */
  afterPass: (_layer: Layer): 'next tier' | 'profiles' => 'next tier',

  /**
   * What the profile `kns.NAMESPACE` decides once no policy has: every namespace allows all ingress and egress
   * (calico `libcalico-go/lib/backend/k8s/conversion`).
   */
  withoutPolicy: (_layer: Layer): 'allow' | 'deny' => 'allow',
};
