/** Policies as Calico's v3 API has them, as far as they decide about TCP and HTTP (Calico reference, Resources). */

/** What enforces a policy: Felix for connections, Dikastes for requests. */
export type Layer = 'L4' | 'L7';

export type Action = 'Allow' | 'Deny' | 'Pass' | 'Log';
export type Direction = 'Ingress' | 'Egress';

/** Where a policy came from; `KubernetesNetworkPolicy` is the one of `networking.k8s.io`. */
export type PolicyKind =
  | 'GlobalNetworkPolicy'
  | 'NetworkPolicy'
  | 'KubernetesNetworkPolicy'
  | 'StagedGlobalNetworkPolicy'
  | 'StagedNetworkPolicy'
  | 'StagedKubernetesNetworkPolicy';

export interface HttpPath {
  exact?: string;
  prefix?: string;
}

export interface HttpMatch {
  methods?: readonly string[];
  paths?: readonly HttpPath[];
}

export interface HttpRequest {
  method: string;
  /** With its query. */
  path: string;
}

/** A number, a range `8000:8080`, or the name that a container's port has. */
export type Port = number | string;

export interface EntityRule {
  nets?: string[];
  notNets?: string[];
  ports?: Port[];
  notPorts?: Port[];
  selector?: string;
  notSelector?: string;
  namespaceSelector?: string;
  serviceAccounts?: { names?: string[]; selector?: string };
}

export interface RuleSpec {
  action: Action;
  ipVersion?: number;
  protocol?: string | number;
  notProtocol?: string | number;
  http?: HttpMatch;
  source?: EntityRule;
  destination?: EntityRule;
}

export interface PolicySpec {
  tier?: string;
  order?: number;
  /** Of the endpoints that it applies to. */
  selector?: string;
  namespaceSelector?: string;
  serviceAccountSelector?: string;
  types?: Direction[];
  ingress?: RuleSpec[];
  egress?: RuleSpec[];
  /** `Set` or `Delete`, of staged policies only. */
  stagedAction?: string;
  /** Either is for host endpoints only. */
  doNotTrack?: boolean;
  preDNAT?: boolean;
}

/** What a tier's place among others depends on. */
export interface Rank {
  name: string;
  order?: number | undefined;
}

/** What a policy's place among others of its tier depends on. */
export interface PolicyRank extends Rank {
  kind: PolicyKind;
  /** Absent for the kinds of the whole cluster. */
  namespace?: string | undefined;
  tier: string;
}

/** A port of a container that has a name. */
export interface NamedPort {
  name: string;
  port: number;
}

export const defaultTier = 'default';
