import type { KindKey } from '../store/resource-type.ts';
import { labelSelector, metadata } from './metadata-schema.ts';
import { networkPolicy } from './network-policy-schema.ts';
import { podSpec, podTemplate } from './pod-schema.ts';
import {
  anything,
  fieldsOf,
  flag,
  integer,
  intOrString,
  listOf,
  type ObjectSchema,
  oneOf,
  type Schema,
  text,
  textMap,
} from './schema.ts';

const servicePort = fieldsOf(
  {
    name: text,
    protocol: oneOf('TCP', 'UDP', 'SCTP'),
    appProtocol: text,
    port: integer,
    targetPort: intOrString,
    nodePort: integer,
  },
  { required: ['port'] },
);

const service = fieldsOf({
  type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  selector: textMap,
  ports: listOf(servicePort),
  clusterIP: text,
  clusterIPs: listOf(text),
  externalIPs: listOf(text),
  externalName: text,
  ipFamilies: listOf(text),
  ipFamilyPolicy: text,
  sessionAffinity: text,
  sessionAffinityConfig: anything,
  internalTrafficPolicy: text,
  externalTrafficPolicy: text,
  trafficDistribution: text,
  healthCheckNodePort: integer,
  publishNotReadyAddresses: flag,
  allocateLoadBalancerNodePorts: flag,
  loadBalancerClass: text,
  loadBalancerIP: text,
  loadBalancerSourceRanges: listOf(text),
});

const rollingUpdate = fieldsOf({ maxSurge: intOrString, maxUnavailable: intOrString });
const strategy = (...types: string[]) => fieldsOf({ type: oneOf(...types), rollingUpdate });
const workload = { selector: labelSelector, template: podTemplate, minReadySeconds: integer };
const required = ['selector', 'template'];

const deployment = fieldsOf(
  {
    ...workload,
    replicas: integer,
    strategy: strategy('RollingUpdate', 'Recreate'),
    paused: flag,
    revisionHistoryLimit: integer,
    progressDeadlineSeconds: integer,
  },
  { required },
);
const replicaSet = fieldsOf({ ...workload, replicas: integer }, { required });
const daemonSet = fieldsOf(
  { ...workload, updateStrategy: strategy('RollingUpdate', 'OnDelete'), revisionHistoryLimit: integer },
  { required },
);

/** A Job finds its pods by a selector of its own making. */
const job = fieldsOf(
  {
    parallelism: integer,
    completions: integer,
    activeDeadlineSeconds: integer,
    podFailurePolicy: anything,
    successPolicy: anything,
    backoffLimit: integer,
    backoffLimitPerIndex: integer,
    maxFailedIndexes: integer,
    selector: labelSelector,
    manualSelector: flag,
    template: podTemplate,
    ttlSecondsAfterFinished: integer,
    completionMode: text,
    suspend: flag,
    podReplacementPolicy: text,
    managedBy: text,
  },
  { required: ['template'] },
);

const role = kind({
  rules: listOf(
    fieldsOf(
      {
        verbs: listOf(text),
        apiGroups: listOf(text),
        resources: listOf(text),
        resourceNames: listOf(text),
        nonResourceURLs: listOf(text),
      },
      { required: ['verbs'] },
    ),
  ),
  aggregationRule: anything,
});
const named = { kind: text, name: text, apiGroup: text };
const binding = kind(
  {
    subjects: listOf(fieldsOf({ ...named, namespace: text }, { required: ['kind', 'name'] })),
    roleRef: fieldsOf(named, { required: ['kind', 'name'] }),
  },
  ['roleRef'],
);

function withSpec(spec: Schema): ObjectSchema {
  return kind({ spec, status: anything }, ['spec']);
}

function kind(fields: Readonly<Record<string, Schema>>, required: readonly string[] = []): ObjectSchema {
  return fieldsOf({ apiVersion: text, kind: text, metadata, ...fields }, { required });
}

/** The kinds of Kubernetes itself that people write by hand (Kubernetes API reference, 1.35). */
export const kubernetesSchemas: ReadonlyMap<KindKey, ObjectSchema> = new Map([
  ['Namespace', kind({ spec: fieldsOf({ finalizers: listOf(text) }), status: anything })],
  ['Pod', withSpec(podSpec)],
  ['Service', withSpec(service)],
  ['ConfigMap', kind({ data: textMap, binaryData: textMap, immutable: flag })],
  ['Secret', kind({ type: text, data: textMap, stringData: textMap, immutable: flag })],
  [
    'ServiceAccount',
    kind({
      secrets: listOf(anything),
      imagePullSecrets: listOf(anything),
      automountServiceAccountToken: flag,
    }),
  ],
  ['Deployment.apps', withSpec(deployment)],
  ['ReplicaSet.apps', withSpec(replicaSet)],
  ['DaemonSet.apps', withSpec(daemonSet)],
  ['Job.batch', withSpec(job)],
  ['NetworkPolicy.networking.k8s.io', kind({ spec: fieldsOf(networkPolicy) })],
  ['Role.rbac.authorization.k8s.io', role],
  ['ClusterRole.rbac.authorization.k8s.io', role],
  ['RoleBinding.rbac.authorization.k8s.io', binding],
  ['ClusterRoleBinding.rbac.authorization.k8s.io', binding],
]);
