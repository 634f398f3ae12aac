import { expect, test } from '@playwright/test';
import { nameOf, refOf } from '../../fixtures/cluster/objects.ts';
import { objectsOf } from '../../scripts/runbook/microservices-demo.ts';

const manifest = `
# Copyright
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
  labels: { app: frontend }
spec: { replicas: 1 }
---
apiVersion: v1
kind: Service
metadata:
  name: frontend
spec: { type: ClusterIP }
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: frontend
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: loadgenerator
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: loadgenerator
---
`;

test('the objects of the manifest go to the namespace default, without the load generator, Deployments last', () => {
  expect(objectsOf(manifest).map((object) => nameOf(refOf(object)))).toEqual([
    'Service default/frontend',
    'ServiceAccount default/frontend',
    'Deployment default/frontend',
  ]);
});

test('what the manifest says of an object stays', () => {
  expect(objectsOf(manifest).at(-1)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'frontend', namespace: 'default', labels: { app: 'frontend' } },
    spec: { replicas: 1 },
  });
});

test('its pods go to Linux nodes alone, with the one thing that they lack for restricted namespaces', () => {
  const security = { runAsNonRoot: true };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart' },
    spec: {
      template: { spec: { securityContext: security, nodeSelector: { disk: 'ssd' }, containers: [] } },
    },
  };
  expect(objectsOf(JSON.stringify(deployment))[0]?.spec).toEqual({
    template: {
      spec: {
        securityContext: { ...security, seccompProfile: { type: 'RuntimeDefault' } },
        nodeSelector: { disk: 'ssd', 'kubernetes.io/os': 'linux' },
        containers: [],
      },
    },
  });
});
