import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { decide, permits } from '../../fixtures/oracle/decide.ts';
import type { Question } from '../../fixtures/policy-case/model.ts';
import { namespace, networkSet, pod, serviceAccount } from '../../fixtures/policy-case/objects.ts';

/** A small cluster for tests that say by hand what must come out: `srv/echo` is asked. */
export const street: readonly KubeObject[] = [
  namespace('srv', { team: 'blue' }),
  namespace('ma', { team: 'red' }),
  namespace('mb', { team: 'green' }),
  serviceAccount('srv', 'srv', { svc: 'srv' }),
  serviceAccount('srv', 'alice', { role: 'reader' }),
  serviceAccount('ma', 'alice', { role: 'reader' }),
  serviceAccount('ma', 'bob'),
  serviceAccount('mb', 'alice', { role: 'reader' }),
  pod('srv', 'echo', {
    labels: { app: 'echo' },
    serviceAccount: 'srv',
    addresses: ['10.0.0.1', 'fd00::1'],
    ports: { web: 8080, dns: { port: 8081, protocol: 'UDP' } },
  }),
  pod('srv', 'alice', { labels: { app: 'alice' }, serviceAccount: 'alice', addresses: ['10.0.0.2'] }),
  pod('ma', 'alice', {
    labels: { app: 'alice' },
    serviceAccount: 'alice',
    addresses: ['10.0.1.1', 'fd00::2'],
  }),
  pod('ma', 'bob', { labels: { app: 'bob' }, serviceAccount: 'bob', addresses: ['10.0.1.2'] }),
  pod('mb', 'alice', { labels: { app: 'alice' }, serviceAccount: 'alice', addresses: ['10.0.2.1'] }),
  pod('ma', 'gone', { labels: { app: 'alice' }, addresses: ['10.0.1.9'], phase: 'Failed' }),
  pod('ma', 'host', { labels: { app: 'alice' }, addresses: ['192.0.2.1'], hostNetwork: true }),
  networkSet('partners', { role: 'partner', app: 'alice' }, ['203.0.113.0/24', '198.51.100.0/28']),
  networkSet('offices', { role: 'office', app: 'alice' }, ['172.16.0.0/16'], 'ma'),
];

const addresses = {
  'srv/alice': '10.0.0.2',
  'ma/alice': '10.0.1.1',
  'ma/bob': '10.0.1.2',
  'mb/alice': '10.0.2.1',
  'ma/gone': '10.0.1.9',
  'ma/host': '192.0.2.1',
  partner: '203.0.113.7',
  office: '172.16.3.3',
  nobody: '8.8.8.8',
} as const;

export type Peer = keyof typeof addresses;
export const peers = Object.keys(addresses) as Peer[];

export interface Asked {
  from?: Peer;
  /** Instead of the certificate of the pod's service account; '' for none. */
  principal?: string;
  method?: string;
  path?: string;
  plain?: boolean;
  port?: number;
  sourcePort?: number;
  release?: string;
}

export function question(asked: Asked): Question {
  const {
    from = 'ma/alice',
    method = 'GET',
    path = '/',
    plain = false,
    port = 8080,
    sourcePort = 40000,
  } = asked;
  const [place, name] = from.split('/');
  const own = name === undefined ? '' : `spiffe://cluster.local/ns/${place}/sa/${name}`;
  return {
    source: { address: addresses[from], port: sourcePort, principal: asked.principal ?? own },
    destination: { address: '10.0.0.1', port },
    ...(!plain && { http: { method, path } }),
  };
}

const workload = { namespace: 'srv', name: 'echo' };

/** What is promised to be answered in the street, with these policies in force. */
export function answer(policies: readonly KubeObject[], asked: Asked = {}): string {
  return decide([...street, ...policies], workload, question(asked), asked.release ?? 'v3.32.1');
}

/** Whether the network is promised to let it through. */
export function isOpen(policies: readonly KubeObject[], asked: Asked = {}): boolean {
  return permits([...street, ...policies], workload, question(asked), asked.release ?? 'v3.32.1');
}

/** The peers that are allowed. */
export function allowed(policies: readonly KubeObject[], asked: Omit<Asked, 'from'> = {}): Peer[] {
  return peers.filter((from) => answer(policies, { ...asked, from }) === 'OK');
}

export function policy(spec: object, name = 'p', namespace?: string, kind?: string): KubeObject {
  const kindOfPlace = namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy';
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: kind ?? kindOfPlace,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec,
  };
}

export function kubernetesPolicy(spec: object, name = 'k'): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'srv' },
    spec,
  };
}

/** A policy of one rule that allows whatever fits. */
export function allowing(rule: object, namespace?: string): KubeObject {
  return policy({ order: 10, ingress: [{ action: 'Allow', ...rule }] }, 'allow', namespace);
}
