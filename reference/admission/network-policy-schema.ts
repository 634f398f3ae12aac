import { labelSelector } from './metadata-schema.ts';
import { fieldsOf, integer, intOrString, listOf, oneOf, type Schema, text } from './schema.ts';

const ipBlock = fieldsOf({ cidr: text, except: listOf(text) }, { required: ['cidr'] });
const peer = fieldsOf({ podSelector: labelSelector, namespaceSelector: labelSelector, ipBlock });
const policyPort = fieldsOf({ protocol: text, port: intOrString, endPort: integer });
/** `NetworkPolicySpec` (Kubernetes API reference), which Calico's staged kind repeats. */
export const networkPolicy = {
  podSelector: labelSelector,
  policyTypes: listOf(oneOf('Ingress', 'Egress')),
  ingress: listOf(fieldsOf({ from: listOf(peer), ports: listOf(policyPort) })),
  egress: listOf(fieldsOf({ to: listOf(peer), ports: listOf(policyPort) })),
} satisfies Record<string, Schema>;
