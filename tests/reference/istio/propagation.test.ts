import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { Mesh, peerAuthentication } from './mesh.ts';

const strict = peerAuthentication('istio-system', 'default', { mtls: { mode: 'STRICT' } });

test('many changes of one moment are told once, and others not at all', async () => {
  const mesh = new Mesh();
  let told = 0;
  const end = mesh.istiod.onChange(() => {
    told += 1;
  });
  mesh.add(strict);
  mesh.service('default', 'frontend');
  await nextTurn();
  expect(told).toBe(1);
  mesh.pod('default', 'frontend');
  await nextTurn();
  expect(told).toBe(1);
  mesh.add({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'frontend-1', namespace: 'default' },
    endpoints: [],
  });
  await nextTurn();
  expect(told).toBe(2);
  end();
  mesh.store.remove('PeerAuthentication.security.istio.io', 'default', 'istio-system');
  await nextTurn();
  expect(told).toBe(2);
});

test('proxies know a change only after the time that it takes to tell them', async () => {
  const mesh = new Mesh({}, { propagationMs: 20 });
  const pod = mesh.pod('default', 'frontend');
  const { promise: told, resolve } = Promise.withResolvers<void>();
  mesh.istiod.onChange(resolve);
  mesh.add(strict);
  expect(mesh.istiod.inboundMode(pod, 8080)).toBe('PERMISSIVE');
  await told;
  expect(mesh.istiod.inboundMode(pod, 8080)).toBe('STRICT');
  mesh.istiod.close();
});
