import { anything, fieldsOf, integer, listOf, text, textMap } from './schema.ts';

/** `ObjectMeta` (Kubernetes API reference), which all kinds have alike. */
export const metadata = fieldsOf({
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: integer,
  creationTimestamp: text,
  deletionTimestamp: text,
  deletionGracePeriodSeconds: integer,
  labels: textMap,
  annotations: textMap,
  ownerReferences: listOf(anything),
  finalizers: listOf(text),
  managedFields: listOf(anything),
});

/** `LabelSelector`. */
export const labelSelector = fieldsOf({
  matchLabels: textMap,
  matchExpressions: listOf(
    fieldsOf({ key: text, operator: text, values: listOf(text) }, { required: ['key', 'operator'] }),
  ),
});
