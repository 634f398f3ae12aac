import { expect } from '@playwright/test';
import { test } from './fixture.ts';

test('the kinds of the API are listed', async ({ $ }) => {
  const [all, calico, namespaced] = await Promise.all([
    $`kubectl api-resources --no-headers`,
    $`kubectl api-resources --api-group=projectcalico.org --namespaced=false -o name`,
    $`kubectl api-versions`,
  ]);
  const rows = all.stdout.split('\n').map((line) => line.split(/ +/));
  expect(rows).toEqual(
    expect.arrayContaining([
      ['pods', 'po', 'v1', 'true', 'Pod'],
      ['deployments', 'deploy', 'apps/v1', 'true', 'Deployment'],
      ['peerauthentications', 'pa', 'security.istio.io/v1', 'true', 'PeerAuthentication'],
      [
        'felixconfigurations',
        'felixconfig,felixconfigs',
        'projectcalico.org/v3',
        'false',
        'FelixConfiguration',
      ],
    ]),
  );
  expect(calico.stdout.split('\n')).toContain('globalnetworkpolicies.projectcalico.org');
  expect(namespaced.stdout.split('\n')).toEqual(
    expect.arrayContaining(['v1', 'networking.istio.io/v1alpha3', 'security.istio.io/v1beta1']),
  );
});

test('a kind is explained', async ({ $ }) => {
  const { status, stdout } = await $`kubectl explain peerauthentication`;
  expect(status).toBe(0);
  expect(stdout).toMatch(/^GROUP: +security\.istio\.io\nKIND: +PeerAuthentication\nVERSION: +v1\n/);
});

test('the server says what it is, and who is asking', async ({ $ }) => {
  const [version, allowed, identity, ready] = await Promise.all([
    $`kubectl version`,
    $`kubectl auth can-i create globalnetworkpolicies.projectcalico.org`,
    $`kubectl auth whoami`,
    $`kubectl get --raw /readyz`,
  ]);
  expect(version.stdout).toMatch(/^Server Version: v1\.\d+\.\d+$/m);
  expect(allowed).toEqual({
    status: 0,
    stdout: 'yes',
    stderr: expect.stringMatching(/^(Warning: .*not namespace scoped|$)/),
  });
  expect(identity.stdout).toMatch(/^Username +reference-admin$/m);
  expect(ready.stdout).toBe('ok');
});

test('objects are described', async ({ $ }) => {
  const { status, stdout } = await $`kubectl describe deployment frontend -n default`;
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable$/m);
});
