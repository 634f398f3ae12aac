/** What a field holds: a scalar, a map of strings to one, a message, or a list of these. */
export type FieldType =
  | Scalar
  | 'map of string'
  | 'map of bytes'
  | { message: string }
  | { list: 'string' | { message: string } };
export type Scalar = 'string' | 'bytes' | 'boolean' | 'integer';

/** The fields of a message by number; `unread` ones are the server's own to say. */
export type Message = Readonly<Record<number, readonly [name: string, type: FieldType] | 'unread'>>;

const metadata = ['metadata', { message: 'ObjectMeta' }] as const;

/** Numbered as in the `generated.proto` files of k8s.io/api and k8s.io/apimachinery; only what kubectl sends. */
export const messages: Readonly<Record<string, Message>> = {
  ObjectMeta: {
    1: ['name', 'string'],
    2: ['generateName', 'string'],
    3: ['namespace', 'string'],
    5: ['uid', 'string'],
    6: ['resourceVersion', 'string'],
    7: 'unread',
    8: 'unread',
    11: ['labels', 'map of string'],
    12: ['annotations', 'map of string'],
    14: ['finalizers', { list: 'string' }],
  },
  Namespace: { 1: metadata, 2: 'unread', 3: 'unread' },
  ConfigMap: {
    1: metadata,
    2: ['data', 'map of string'],
    3: ['binaryData', 'map of bytes'],
    4: ['immutable', 'boolean'],
  },
  Secret: {
    1: metadata,
    2: ['data', 'map of bytes'],
    3: ['type', 'string'],
    4: ['stringData', 'map of string'],
    5: ['immutable', 'boolean'],
  },
  ServiceAccount: { 1: metadata, 4: ['automountServiceAccountToken', 'boolean'] },
  Deployment: { 1: metadata, 2: ['spec', { message: 'DeploymentSpec' }], 3: 'unread' },
  DeploymentSpec: {
    1: ['replicas', 'integer'],
    2: ['selector', { message: 'LabelSelector' }],
    3: ['template', { message: 'PodTemplateSpec' }],
  },
  LabelSelector: { 1: ['matchLabels', 'map of string'] },
  PodTemplateSpec: { 1: metadata, 2: ['spec', { message: 'PodSpec' }] },
  PodSpec: { 2: ['containers', { list: { message: 'Container' } }] },
  Container: {
    1: ['name', 'string'],
    2: ['image', 'string'],
    3: ['command', { list: 'string' }],
    4: ['args', { list: 'string' }],
    6: ['ports', { list: { message: 'ContainerPort' } }],
  },
  ContainerPort: { 1: ['name', 'string'], 3: ['containerPort', 'integer'], 4: ['protocol', 'string'] },
  SelfSubjectAccessReview: {
    1: metadata,
    2: ['spec', { message: 'SelfSubjectAccessReviewSpec' }],
    3: 'unread',
  },
  SelfSubjectAccessReviewSpec: {
    1: ['resourceAttributes', { message: 'ResourceAttributes' }],
    2: ['nonResourceAttributes', { message: 'NonResourceAttributes' }],
  },
  ResourceAttributes: {
    1: ['namespace', 'string'],
    2: ['verb', 'string'],
    3: ['group', 'string'],
    4: ['version', 'string'],
    5: ['resource', 'string'],
    6: ['subresource', 'string'],
    7: ['name', 'string'],
  },
  NonResourceAttributes: { 1: ['path', 'string'], 2: ['verb', 'string'] },
  SelfSubjectRulesReview: {
    1: metadata,
    2: ['spec', { message: 'SelfSubjectRulesReviewSpec' }],
    3: 'unread',
  },
  SelfSubjectRulesReviewSpec: { 1: ['namespace', 'string'] },
  DeleteOptions: {
    1: ['gracePeriodSeconds', 'integer'],
    2: ['preconditions', { message: 'Preconditions' }],
    3: ['orphanDependents', 'boolean'],
    4: ['propagationPolicy', 'string'],
    5: ['dryRun', { list: 'string' }],
  },
  Preconditions: { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] },
  SelfSubjectReview: { 1: metadata, 2: 'unread' },
};
