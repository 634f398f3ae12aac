import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { idleProgram } from '../../../reference/workloads/idle.ts';
import { programs } from '../../../reference/workloads/programs.ts';
import { address, start } from './container.ts';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };
const known = [
  'quay.io/calico/node:v3.32.1',
  'docker.io/istio/pilot:1.28.10',
  'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo/adservice:v0.10.6',
  'redis:alpine',
  'docker.io/library/redis@sha256:0011',
  'registry.k8s.io/pause:3.10',
  'localhost:5000/calico/csi',
];
const unknown = [
  'node:24-alpine',
  'quay.io/calico/dikastes:v3.32.1',
  'docker.io/istio/proxyv2:1.28.10',
  'example.test/no-such-image:1',
  'registry.k8s.io/pause-not:3',
  'example.test/frontend/server:1',
];

for (const image of known) {
  test(`${image} is run`, () => {
    expect(programs.some((program) => program.runs({ name: 'x', image }, pod))).toBe(true);
  });
}

for (const image of unknown) {
  test(`${image} is not run`, () => {
    expect(programs.some((program) => program.runs({ name: 'x', image }, pod))).toBe(false);
  });
}

test('is ready at once, says one line, and closes what connects', async () => {
  const ports = [{ containerPort: 6379 }, { containerPort: 53, protocol: 'UDP' }];
  const { client, logged, ready } = await start(idleProgram, { name: 'redis', ports });
  expect(ready()).toBe(true);
  expect(logged).toEqual(['redis started; it does nothing in the reference mesh']);
  const socket = client.connect({ host: address, port: 6379 });
  await once(socket.resume(), 'end');
  const refused = client.connect({ host: address, port: 53 });
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});
