import { parseApiVersion, type ResourceType } from './resource-type.ts';
import { atomicMap, fields, listBy, type Schema, set } from './schema.ts';

// All of it restates the OpenAPI document of Kubernetes 1.35 (`api/openapi-spec/swagger.json`: x-kubernetes-list-type,
// -list-map-keys, -map-type and -patch-merge-key), for the kinds the reference stores.

const metadata = fields({
  finalizers: set,
  ownerReferences: listBy('uid', atomicMap),
});

const conditions = listBy('type');

const container = fields({
  env: listBy(
    'name',
    fields({
      valueFrom: fields({
        configMapKeyRef: atomicMap,
        fieldRef: atomicMap,
        fileKeyRef: atomicMap,
        resourceFieldRef: atomicMap,
        secretKeyRef: atomicMap,
      }),
    }),
  ),
  ports: listBy(['containerPort', 'protocol']),
  resources: fields({ claims: listBy('name') }),
  volumeDevices: listBy('devicePath'),
  volumeMounts: listBy('mountPath'),
});

const podSpec = fields({
  affinity: fields({
    nodeAffinity: fields({ requiredDuringSchedulingIgnoredDuringExecution: atomicMap }),
  }),
  containers: listBy('name', container),
  ephemeralContainers: listBy('name', container),
  hostAliases: listBy('ip'),
  imagePullSecrets: listBy('name', atomicMap),
  initContainers: listBy('name', container),
  nodeSelector: atomicMap,
  resourceClaims: listBy('name'),
  schedulingGates: listBy('name'),
  topologySpreadConstraints: listBy(
    ['topologyKey', 'whenUnsatisfiable'],
    fields({ labelSelector: atomicMap }),
  ),
  volumes: listBy('name'),
});

const template = fields({ metadata, spec: podSpec });
const workload: Schema = fields({
  metadata,
  spec: fields({ selector: atomicMap, template }),
  status: fields({ conditions }),
});
const withConditions = fields({ metadata, status: fields({ conditions }) });

const schemas: { readonly [groupAndKind: string]: Schema } = {
  '/Namespace': withConditions,
  '/Node': fields({
    metadata,
    spec: fields({ podCIDRs: set }),
    status: fields({ addresses: listBy('type'), conditions }),
  }),
  '/Pod': fields({
    metadata,
    spec: podSpec,
    status: fields({ conditions, podIPs: listBy('ip'), resourceClaimStatuses: listBy('name') }),
  }),
  '/Service': fields({
    metadata,
    spec: fields({ ports: listBy(['port', 'protocol']), selector: atomicMap }),
    status: fields({ conditions }),
  }),
  '/ServiceAccount': fields({ metadata, secrets: listBy('name', atomicMap) }),
  '/Event': fields({ metadata, involvedObject: atomicMap, related: atomicMap }),
  'apps/Deployment': workload,
  'apps/ReplicaSet': workload,
  'apps/DaemonSet': workload,
  'batch/Job': workload,
  'storage.k8s.io/CSINode': fields({ metadata, spec: fields({ drivers: listBy('name') }) }),
  'networking.k8s.io/NetworkPolicy': fields({ metadata, spec: fields({ podSelector: atomicMap }) }),
  'rbac.authorization.k8s.io/RoleBinding': fields({ metadata, roleRef: atomicMap }),
  'rbac.authorization.k8s.io/ClusterRoleBinding': fields({ metadata, roleRef: atomicMap }),
  'apiextensions.k8s.io/CustomResourceDefinition': withConditions,
  'apiregistration.k8s.io/APIService': withConditions,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': fields({
    metadata,
    webhooks: listBy(
      'name',
      fields({ matchConditions: listBy('name'), namespaceSelector: atomicMap, objectSelector: atomicMap }),
    ),
  }),
};

const plain = fields({ metadata });

/** What the API knows of a kind's fields; of most kinds only what holds for the metadata of all. */
export function schemaOf({ group, kind }: Pick<ResourceType, 'group' | 'kind'>): Schema {
  return schemas[`${group}/${kind}`] ?? plain;
}

/** The same for an object that names its kind itself. */
export function schemaOfObject(object: { apiVersion?: unknown; kind?: unknown }): Schema {
  const { group } = parseApiVersion(String(object.apiVersion ?? ''));
  return schemaOf({ group, kind: String(object.kind ?? '') });
}

const customGroups = new Set([
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'projectcalico.org',
]);

/** Whether a kind comes from a CustomResourceDefinition, so that the API has no Go type for it. */
export function isCustom({ group }: Pick<ResourceType, 'group'>): boolean {
  return customGroups.has(group);
}
