import { expect, test } from '@playwright/test';
import { type KubeObject, nameOf, refOf } from '../../../fixtures/cluster/objects.ts';
import type { ContainerSpec } from '../../../reference/workloads/program.ts';
import { programs } from '../../../reference/workloads/programs.ts';
import { shopObjects } from '../../../reference/workloads/shop/objects.ts';

const objects = shopObjects('v0.10.6');
const specOf = (kind: string, name: string) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)?.spec as Spec;

interface Spec {
  type: string;
  selector: Record<string, unknown>;
  ports: { name: string; port: number; targetPort: number }[];
  template: { metadata: { labels: Record<string, string> }; spec: { containers: ContainerSpec[] } };
}

test('the shop has its components, each with an account, a Service and a Deployment', () => {
  const names = [
    'adservice',
    'cartservice',
    'checkoutservice',
    'currencyservice',
    'emailservice',
    'frontend',
    'paymentservice',
    'productcatalogservice',
    'recommendationservice',
    'redis-cart',
    'shippingservice',
  ];
  const all = names.flatMap((name) => [
    `Deployment default/${name}`,
    `Service default/${name}`,
    `ServiceAccount default/${name}`,
  ]);
  expect(objects.map((object) => nameOf(refOf(object))).sort()).toEqual(
    [...all, 'Service default/frontend-external'].sort(),
  );
});

test('the front end is reached by two Services of one named port', () => {
  const port = { name: 'http', port: 80, targetPort: 8080 };
  for (const [name, type] of [
    ['frontend', 'ClusterIP'],
    ['frontend-external', 'LoadBalancer'],
  ] as const) {
    expect(specOf('Service', name)).toEqual({ type, selector: { app: 'frontend' }, ports: [port] });
  }
});

test('every container is one that can be run, behind the port of its Service', () => {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  for (const { metadata } of deployments) {
    const { labels } = specOf('Deployment', metadata.name).template.metadata;
    const { containers } = specOf('Deployment', metadata.name).template.spec;
    expect(labels).toEqual({ app: metadata.name });
    expect(containers.map(({ name }) => name)).toEqual(['server']);
    const [container] = containers;
    const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };
    expect(
      programs.some((program) => program.runs(container!, pod)),
      container!.image,
    ).toBe(true);
    expect(specOf('Service', metadata.name).ports[0]?.targetPort).toBe(container!.ports?.[0]?.containerPort);
  }
});
