import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Labels } from '../../fixtures/selectors/expression.ts';
import type { CalicoRules } from '../rules/calico.ts';
import { compilePolicy, type Policy } from './compile.ts';
import {
  type Endpoint,
  endpointsOf,
  type LabelsOf,
  labelsByPlace,
  type Member,
  type NetworkSet,
  networkSetsOf,
} from './members.ts';
import { type ListObjects, policyKinds } from './objects.ts';
import { defaultTier, type PolicyKind } from './policy.ts';

export interface Tier {
  name: string;
  order: number | undefined;
  defaultAction: string | undefined;
  /** In the order they are evaluated; staged ones too. */
  policies: readonly Policy[];
}

/** Something that has an address. */
export interface Holder {
  member: Member;
  /** Its nets that the address is in; of a pod, the address. */
  nets: readonly string[];
}

/** What a layer knows of policies and of whom they are about, at one moment. */
export interface View {
  /** In the order they are evaluated. */
  tiers: readonly Tier[];
  endpointAt: (address: string) => Endpoint | undefined;
  endpointOf: (pod: string) => Endpoint | undefined;
  /** Everything that has this address: the pod, and the network sets it is in. */
  holdersOf: (address: string) => readonly Holder[];
  labelsOfNamespace: (name: string) => Labels;
  labelsOfServiceAccount: (namespace: string, name: string) => Labels;
}

/**
 * Makes views. A policy that has not changed is not read again, so what the rules say about reading one (its types,
 * its selectors) counts from when it was first seen.
 */
export class ViewBuilder {
  private readonly rules: CalicoRules;
  private readonly compiled = new WeakMap<KubeObject, { policy: Policy | undefined }>();

  constructor(rules: CalicoRules) {
    this.rules = rules;
  }

  build(list: ListObjects): View {
    const namespaces = labelsByPlace(list('Namespace'));
    const accounts = labelsByPlace(list('ServiceAccount'));
    const endpoints = endpointsOf(list, namespaces, accounts);
    const sets = networkSetsOf(list, namespaces);
    return { tiers: this.tiersOf(list), ...directory(endpoints, sets, namespaces, accounts, this.rules) };
  }

  private tiersOf(list: ListObjects): Tier[] {
    const tiers = new Map<string, Omit<Tier, 'policies'> & { policies: Policy[] }>();
    // The default tier is always there, whether or not there is an object of it.
    tiers.set(defaultTier, { name: defaultTier, order: 1_000_000, defaultAction: 'Deny', policies: [] });
    for (const { metadata, spec } of list('Tier.projectcalico.org')) {
      const { order, defaultAction } = (spec ?? {}) as { order?: number; defaultAction?: string };
      tiers.set(metadata.name, { name: metadata.name, order, defaultAction, policies: [] });
    }
    for (const [key, kind] of Object.entries(policyKinds)) {
      for (const object of list(key)) {
        const policy = this.policyOf(kind, object);
        // A policy whose tier is not there waits for it.
        if (policy !== undefined) tiers.get(policy.tier)?.policies.push(policy);
      }
    }
    for (const { policies } of tiers.values()) {
      policies.sort((one, other) => this.rules.comparePolicies(one, other));
    }
    return [...tiers.values()].sort((one, other) => this.rules.compareTiers(one, other));
  }

  private policyOf(kind: PolicyKind, object: KubeObject): Policy | undefined {
    let entry = this.compiled.get(object);
    if (entry === undefined) {
      entry = { policy: compilePolicy(kind, object, this.rules) };
      this.compiled.set(object, entry);
    }
    return entry.policy;
  }
}

function directory(
  endpoints: readonly Endpoint[],
  sets: readonly NetworkSet[],
  namespaces: LabelsOf,
  accounts: LabelsOf,
  rules: CalicoRules,
): Omit<View, 'tiers'> {
  const byAddress = new Map(
    endpoints.flatMap((endpoint) => endpoint.addresses.map((address) => [address, endpoint] as const)),
  );
  const byPod = new Map(endpoints.map((endpoint) => [endpoint.pod, endpoint]));
  return {
    endpointAt: (address) => byAddress.get(address),
    endpointOf: (pod) => byPod.get(pod),
    holdersOf: (address) => {
      const endpoint = byAddress.get(address);
      const around = sets
        .map((member) => ({ member, nets: member.nets.filter((net) => rules.netMatches(net, address)) }))
        .filter(({ nets }) => nets.length > 0);
      return endpoint === undefined ? around : [{ member: endpoint, nets: [address] }, ...around];
    },
    labelsOfNamespace: namespaces,
    labelsOfServiceAccount: (namespace, name) => accounts(`${namespace}/${name}`),
  };
}
