import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Question } from '../../fixtures/policy-case/model.ts';

/** A namespace with one pod that is asked, and one that asks. */
export const workload = { namespace: 'shop', name: 'echo' };

export const world: KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'blue' } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'buyer', namespace: 'shop' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } },
  pod('echo', 'default', '10.0.0.1'),
  pod('client', 'buyer', '10.0.0.2'),
];

function pod(name: string, serviceAccountName: string, podIP: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: {
      serviceAccountName,
      containers: [{ name: 'agent', ports: [{ name: 'web', containerPort: 8080 }] }],
    },
    status: { podIP },
  };
}

export function policy(name: string, spec: object): KubeObject {
  return { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec };
}

export function allowPath(name: string, exact: string): KubeObject {
  const ingress = [{ action: 'Allow', http: { methods: ['GET'], paths: [{ exact }] } }];
  return policy(name, { selector: "app == 'echo'", types: ['Ingress'], ingress });
}

/** A request from the client, under mutual TLS. */
export function ask(method: string, path: string): Question {
  return {
    source: { address: '10.0.0.2', port: 40000, principal: 'spiffe://cluster.local/ns/shop/sa/buyer' },
    destination: { address: '10.0.0.1', port: 8080 },
    http: { method, path },
  };
}
