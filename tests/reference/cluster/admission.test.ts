import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { labelSelectorOf } from '../../../fixtures/cluster/rollout.ts';
import type { AdmissionPlugin } from '../../../reference/store/operations.ts';
import { deploymentOf, openCluster, serviceOf, settled } from './cluster.ts';

interface Spec {
  clusterIP: string;
  clusterIPs: string[];
  ports: { port: number; nodePort?: number; protocol: string; targetPort: unknown }[];
  [field: string]: unknown;
}
const specOf = (object: KubeObject | undefined) => object?.spec as Spec;

test('a service has its address and node ports in the answer to its creation', () => {
  const { operations, cluster } = openCluster();
  const spec = specOf(operations.create(serviceOf({ type: 'LoadBalancer', ports: [{ port: 80 }] })));
  expect(spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
  expect(spec.clusterIPs).toEqual([spec.clusterIP]);
  expect(spec.ports).toMatchObject([{ port: 80, targetPort: 80, protocol: 'TCP' }]);
  expect(spec.ports[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
  expect(spec.ports[0]?.nodePort).toBeLessThanOrEqual(32_767);
  const other = specOf(operations.create(serviceOf({ type: 'NodePort' }, 'other')));
  expect(other.clusterIP).not.toBe(spec.clusterIP);
  expect(other.ports[0]?.nodePort).not.toBe(spec.ports[0]?.nodePort);
  expect(specOf(operations.create(serviceOf({}, 'inner'))).ports[0]).not.toHaveProperty('nodePort');
  expect(specOf(operations.create(serviceOf({ clusterIP: 'None' }, 'headless'))).clusterIP).toBe('None');
  cluster.close();
});

test('a service that is replaced keeps its address', () => {
  const { operations, cluster } = openCluster();
  const before = specOf(operations.create(serviceOf({ type: 'NodePort' })));
  const after = specOf(operations.update(serviceOf({ type: 'NodePort', sessionAffinity: 'ClientIP' })));
  expect(after.clusterIP).toBe(before.clusterIP);
  expect(after.ports).toEqual(before.ports);
  expect(after.sessionAffinity).toBe('ClientIP');
  cluster.close();
});

const taken = [
  { what: 'address', spec: { clusterIP: '10.96.0.80' }, field: 'spec.clusterIPs' },
  {
    what: 'node port',
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
    field: 'spec.ports[0].nodePort',
  },
];
for (const { what, spec, field } of taken) {
  test(`a service may choose its ${what}, but not another's`, () => {
    const { operations, cluster } = openCluster();
    expect(operations.create(serviceOf(spec)).spec).toMatchObject(spec);
    const again = () => operations.create(serviceOf(spec, 'other'));
    expect(again).toThrow(
      expect.objectContaining({
        code: 422,
        details: expect.objectContaining({ causes: [expect.objectContaining({ field })] }),
      }),
    );
    cluster.close();
  });
}

test('a Deployment is filled in, and applying it once more changes nothing', () => {
  const { operations, deploymentType, cluster, store } = openCluster();
  const body = deploymentOf({}, { ports: [{ containerPort: 80 }] });
  const apply = () =>
    operations.patch(deploymentType, 'web', 'default', { type: 'apply', body }, { fieldManager: 'suite' })
      .object;
  const applied = apply();
  expect(applied.spec).toMatchObject({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    template: {
      spec: {
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        terminationGracePeriodSeconds: 30,
        containers: [{ imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 80, protocol: 'TCP' }] }],
      },
    },
  });
  expect(labelSelectorOf(applied)).toBe('app=web');
  const { revision } = store;
  expect(apply()).toEqual(applied);
  expect(store.revision).toBe(revision);
  cluster.close();
});

test('applying a Deployment gives up fields that are no longer applied, and they get their defaults', () => {
  const { operations, deploymentType, cluster } = openCluster();
  const apply = (body: KubeObject) =>
    operations.patch(deploymentType, 'web', 'default', { type: 'apply', body }, { fieldManager: 'suite' })
      .object;
  apply(deploymentOf({ replicas: 3 }));
  expect(specOf(apply(deploymentOf())).replicas).toBe(1);
  cluster.close();
});

test('a Deployment whose selector is not of its pods is refused', () => {
  const { operations, cluster } = openCluster();
  const wrong = deploymentOf({});
  (wrong.spec as { selector: object }).selector = { matchLabels: { app: 'other' } };
  expect(() => operations.create(wrong)).toThrow(
    expect.objectContaining({ code: 422, message: expect.stringContaining('does not match template') }),
  );
  cluster.close();
});

test('containers that a webhook adds are filled in too', () => {
  const webhook: AdmissionPlugin = {
    mutate: ({ object, type }) => {
      const { containers } = object.spec as { containers?: object[] };
      if (type.kind === 'Pod')
        containers?.push({ name: 'proxy', image: 'proxy', ports: [{ containerPort: 1 }] });
      return object;
    },
  };
  const { operations, cluster } = openCluster({ webhooks: [webhook] });
  const pod = operations.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'app:1' }] },
  });
  expect((pod.spec as { containers: object[] }).containers).toMatchObject([
    { name: 'main', imagePullPolicy: 'IfNotPresent' },
    { name: 'proxy', imagePullPolicy: 'Always', ports: [{ protocol: 'TCP' }] },
  ]);
  cluster.close();
});

test('a namespace has the label of its name, and a service account', async () => {
  const { operations, namespaceType, cluster, store } = openCluster();
  const created = operations.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  expect(created).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'shop' } },
    status: { phase: 'Active' },
  });
  const body = { metadata: { labels: { 'kubernetes.io/metadata.name': null, tier: 'one' } } };
  const { object } = operations.patch(namespaceType, 'shop', undefined, { type: 'merge', body });
  expect(object.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'shop', tier: 'one' });
  await settled();
  operations.delete(store.typeOf('v1', 'ServiceAccount')!, 'default', 'shop');
  expect(store.find('ServiceAccount', 'default', 'shop')).toBeUndefined();
  await settled();
  expect(store.find('ServiceAccount', 'default', 'shop')).toBeDefined();
  cluster.close();
});
