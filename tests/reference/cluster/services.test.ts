import { expect, test } from '@playwright/test';
import { deploymentOf, openCluster, serviceOf, settled, type TestCluster } from './cluster.ts';

const slices = 'EndpointSlice.discovery.k8s.io';
const probed = { readinessProbe: {}, ports: [{ name: 'web', containerPort: 8080 }] };

interface Subset {
  addresses?: { ip: string }[];
  notReadyAddresses?: { ip: string }[];
  ports: object[];
}

function subsetsOf({ store }: TestCluster): Subset[] {
  return (store.find('Endpoints', 'web', 'default') as unknown as { subsets?: Subset[] }).subsets ?? [];
}

async function withTwoPods(spec: object = {}) {
  const cluster = openCluster();
  cluster.operations.create(serviceOf(spec));
  cluster.operations.create(deploymentOf({ replicas: 2 }, probed));
  await settled();
  const addressOf = (index: number) => (cluster.pods()[index]!.status as { podIP: string }).podIP;
  return { cluster, addressOf, services: cluster.cluster.services };
}

test('endpoints follow readiness', async () => {
  const { cluster, addressOf } = await withTwoPods();
  const ports = [{ name: 'http', port: 8080, protocol: 'TCP' }];
  expect(subsetsOf(cluster)).toMatchObject([
    { notReadyAddresses: [{ ip: addressOf(0) }, { ip: addressOf(1) }], ports },
  ]);
  cluster.program.of(cluster.pods()[0]!).ready(true);
  await settled();
  expect(subsetsOf(cluster)).toMatchObject([
    { addresses: [{ ip: addressOf(0) }], notReadyAddresses: [{ ip: addressOf(1) }], ports },
  ]);
  const [slice] = cluster.store.list(slices);
  expect(slice).toMatchObject({
    metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: [addressOf(0)], conditions: { ready: true } },
      { addresses: [addressOf(1)], conditions: { ready: false } },
    ],
    ports,
  });

  cluster.patch({ spec: { replicas: 0 } });
  await settled();
  expect(subsetsOf(cluster)).toEqual([]);
  expect(cluster.store.list(slices)).toMatchObject([
    { metadata: { uid: slice?.metadata.uid }, endpoints: [] },
  ]);
  cluster.cluster.close();
});

test('a service leads to its ready endpoints in turn', async () => {
  const { cluster, addressOf, services } = await withTwoPods();
  const address = services.resolve('web', 'default')!;
  expect(services.balance(address, 80)).toBe('refused');
  for (const pod of cluster.pods()) cluster.program.of(pod).ready(true);
  await settled();
  const seen = Array.from({ length: 4 }, () => services.balance(address, 80));
  const [a, b] = [addressOf(0), addressOf(1)].map((ip) => ({ address: ip, port: 8080 }));
  expect(seen).toEqual([a, b, a, b]);
  expect(services.balance(address, 81)).toBe('refused');
  expect(services.balance(addressOf(0), 8080)).toBeUndefined();

  cluster.program.of(cluster.pods()[0]!).ready(false);
  await settled();
  expect([services.balance(address, 80), services.balance(address, 80)]).toEqual([b, b]);
  cluster.cluster.close();
});

test('a target port may be the name of a container port', async () => {
  const { cluster, addressOf, services } = await withTwoPods({
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'none', port: 81, targetPort: 'absent' },
    ],
  });
  const service = services.serviceOf(services.resolve('web', 'default')!)!;
  expect(services.endpointsOf(service)).toMatchObject([
    { address: addressOf(0), port: 8080, portName: 'http', servicePort: 80, ready: false },
    { address: addressOf(1), port: 8080, portName: 'http', servicePort: 80, ready: false },
  ]);
  expect(services.endpointsOf(service)[0]?.pod.metadata.uid).toBe(cluster.pods()[0]?.metadata.uid);
  cluster.cluster.close();
});

const names: [name: string, namespace: string | undefined, found: boolean][] = [
  ['web', 'default', true],
  ['web', 'kube-system', false],
  ['web', undefined, false],
  ['web.default', 'kube-system', true],
  ['WEB.default.svc', undefined, true],
  ['web.default.svc.cluster.local', undefined, true],
  ['web.default.svc.cluster.local.', undefined, true],
  ['web.default.svc.example.com', undefined, false],
  ['web.default.pod', undefined, false],
  ['absent', 'default', false],
  ['outside', 'default', false],
];
for (const [name, namespace, found] of names) {
  test(`the name ${name} in ${namespace ?? 'no namespace'} ${found ? 'resolves' : 'does not resolve'}`, () => {
    const { operations, store, cluster } = openCluster();
    operations.create(serviceOf());
    operations.create(serviceOf({ type: 'ExternalName', externalName: 'example.com' }, 'outside'));
    const { clusterIP } = store.find('Service', 'web', 'default')!.spec as { clusterIP: string };
    expect(cluster.services.resolve(name, namespace)).toBe(found ? clusterIP : undefined);
    cluster.close();
  });
}

test('a headless service resolves to its ready pods', async () => {
  const { cluster, addressOf, services } = await withTwoPods({ clusterIP: 'None' });
  expect(services.resolve('web', 'default')).toBeUndefined();
  for (const pod of cluster.pods()) cluster.program.of(pod).ready(true);
  await settled();
  const seen = Array.from({ length: 3 }, () => services.resolve('web', 'default'));
  expect(seen).toEqual([addressOf(0), addressOf(1), addressOf(0)]);
  cluster.cluster.close();
});
