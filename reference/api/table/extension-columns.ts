import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { at, type Column, column, count, joined, listAt, none, pairsAt, textAt, wide } from './column.ts';
import { age, name } from './common-columns.ts';

const tier = column('Tier', 'The tier it belongs to.', (policy) => textAt(policy, 'spec.tier', 'default'));
const order = column('Order', 'Smaller ones come first.', (policy) => textAt(policy, 'spec.order', ''));
const selector = wide('Selector', 'Which endpoints it is about.', (policy) =>
  textAt(policy, 'spec.selector', ''),
);
const policy = [name, tier, order, age, selector];

/** Further groups of Kubernetes, Istio's and Calico's kinds, with what tells their objects apart. */
export const extensionColumns: Record<string, readonly Column[]> = {
  'EndpointSlice.discovery.k8s.io': [
    name,
    column('AddressType', 'IPv4, IPv6 or FQDN.', (slice) => textAt(slice, 'addressType')),
    column('Ports', 'The ports of all its endpoints.', (slice) =>
      numbers(listAt(slice, 'ports').map((port) => at(port, 'port'))),
    ),
    column('Endpoints', 'Their addresses.', (slice) =>
      joined(listAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses'))),
    ),
    age,
  ],
  'Lease.coordination.k8s.io': [
    name,
    column('Holder', 'Who has it.', (lease) => textAt(lease, 'spec.holderIdentity', '')),
    age,
  ],
  'NetworkPolicy.networking.k8s.io': [
    name,
    column('Pod-Selector', 'Which pods it is about.', (object) =>
      pairsAt(object, 'spec.podSelector.matchLabels'),
    ),
    age,
  ],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    name,
    column('Created At', 'When it was created.', ({ metadata }) => metadata.creationTimestamp ?? ''),
  ],
  'APIService.apiregistration.k8s.io': [
    name,
    column('Service', 'Who serves it.', apiService),
    column('Available', 'Whether it is served.', available),
    age,
  ],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': [
    name,
    count('Webhooks', 'How many it has.', (object) => listAt(object, 'webhooks').length),
    age,
  ],
  'VirtualService.networking.istio.io': [
    name,
    column('Gateways', 'Where its routes hold.', (object) => JSON.stringify(listAt(object, 'spec.gateways'))),
    column('Hosts', 'For which hosts.', (object) => JSON.stringify(listAt(object, 'spec.hosts'))),
    age,
  ],
  'ServiceEntry.networking.istio.io': [
    name,
    column('Hosts', 'The hosts it adds.', (object) => JSON.stringify(listAt(object, 'spec.hosts'))),
    column('Location', 'Inside the mesh or outside.', (object) => textAt(object, 'spec.location', '')),
    column('Resolution', 'How their addresses are found.', (object) => textAt(object, 'spec.resolution', '')),
    age,
  ],
  'DestinationRule.networking.istio.io': [
    name,
    column('Host', 'The host it is about.', (object) => textAt(object, 'spec.host', '')),
    age,
  ],
  'PeerAuthentication.security.istio.io': [
    name,
    column('Mode', 'How mutual TLS is required.', (object) => textAt(object, 'spec.mtls.mode', '')),
    age,
  ],
  'AuthorizationPolicy.security.istio.io': [
    name,
    column('Action', 'What it does with a request.', (object) => textAt(object, 'spec.action', '')),
    age,
  ],
  'GlobalNetworkPolicy.projectcalico.org': policy,
  'NetworkPolicy.projectcalico.org': policy,
  'StagedGlobalNetworkPolicy.projectcalico.org': policy,
  'StagedNetworkPolicy.projectcalico.org': policy,
  'Tier.projectcalico.org': [name, order, age],
};

function numbers(values: readonly unknown[]): string {
  return values.length === 0 ? '<unset>' : values.join(',');
}

function apiService(object: KubeObject): string {
  const service = textAt(object, 'spec.service.name');
  return service === none ? 'Local' : `${textAt(object, 'spec.service.namespace')}/${service}`;
}

function available(object: KubeObject): string {
  const condition = conditionOf(object, 'Available');
  if (condition === undefined || condition.status === 'True') return 'True';
  return `${condition.status} (${condition.reason ?? ''})`;
}
