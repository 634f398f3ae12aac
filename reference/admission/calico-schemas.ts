import type { KindKey } from '../store/resource-type.ts';
import { httpRules } from './http-rules.ts';
import { networkPolicy } from './network-policy-schema.ts';
import {
  anything,
  fieldsOf,
  flag,
  intOrString,
  listOf,
  type ObjectSchema,
  oneOf,
  type Schema,
  text,
} from './schema.ts';

/** At most so many methods, paths, and characters of one (calico `policy_common.go`). */
const most = { methods: 20, paths: 20, characters: 1024 };

const pathText: Schema = { type: 'string', maxLength: most.characters };
const byte: Schema = { type: 'integer', minimum: 0, maximum: 255 };
const icmp = fieldsOf({ type: byte, code: byte });

const entityRule = fieldsOf({
  nets: listOf(text),
  notNets: listOf(text),
  ports: listOf(intOrString),
  notPorts: listOf(intOrString),
  selector: text,
  notSelector: text,
  namespaceSelector: text,
  serviceAccounts: fieldsOf({ names: listOf(text), selector: text }),
  services: fieldsOf({ name: text, namespace: text }),
});

const http = fieldsOf({
  methods: listOf(text, most.methods),
  paths: listOf(fieldsOf({ exact: pathText, prefix: pathText }), most.paths),
});

const rule = fieldsOf(
  {
    action: oneOf('Allow', 'Deny', 'Log', 'Pass'),
    ipVersion: { type: 'integer' },
    protocol: intOrString,
    notProtocol: intOrString,
    icmp,
    notICMP: icmp,
    source: entityRule,
    destination: entityRule,
    http,
    metadata: fieldsOf({ annotations: { type: 'map', values: text } }),
  },
  { required: ['action'], rules: httpRules },
);

const namespacedPolicy = {
  tier: text,
  order: { type: 'number' },
  selector: text,
  serviceAccountSelector: text,
  types: listOf(oneOf('Ingress', 'Egress')),
  ingress: listOf(rule),
  egress: listOf(rule),
  performanceHints: listOf(oneOf('AssumeNeededOnEveryNode')),
} satisfies Record<string, Schema>;

const globalPolicy = {
  ...namespacedPolicy,
  namespaceSelector: text,
  doNotTrack: flag,
  preDNAT: flag,
  applyOnForward: flag,
} satisfies Record<string, Schema>;

const stagedAction = { stagedAction: oneOf('Set', 'Delete', 'Learn', 'Ignore') };

const specs: Readonly<Record<string, Schema>> = {
  GlobalNetworkPolicy: fieldsOf(globalPolicy),
  NetworkPolicy: fieldsOf(namespacedPolicy),
  StagedGlobalNetworkPolicy: fieldsOf({ ...globalPolicy, ...stagedAction }),
  StagedNetworkPolicy: fieldsOf({ ...namespacedPolicy, ...stagedAction }),
  StagedKubernetesNetworkPolicy: fieldsOf({
    ...stagedAction,
    ...networkPolicy,
  }),
  Tier: fieldsOf({ order: { type: 'number' }, defaultAction: oneOf('Deny', 'Pass') }),
  GlobalNetworkSet: fieldsOf({ nets: listOf(text) }),
  NetworkSet: fieldsOf({ nets: listOf(text) }),
  Profile: fieldsOf({
    ingress: listOf(rule),
    egress: listOf(rule),
    labelsToApply: { type: 'map', values: text },
  }),
  // Hundreds of settings, of which the mesh looks at one.
  FelixConfiguration: anything,
  ClusterInformation: anything,
};

/** The kinds of Calico's v3 API (Calico reference, "Resource definitions"). */
export const calicoSchemas: ReadonlyMap<KindKey, ObjectSchema> = new Map(
  Object.entries(specs).map(([kind, spec]) => [
    `${kind}.projectcalico.org`,
    fieldsOf({ apiVersion: text, kind: text, metadata: anything, spec, status: anything }),
  ]),
);
