import { askedForReadiness, containersOf, readySince } from '../../fixtures/cluster/pods.ts';
import { allow } from '../../fixtures/policies/rules.ts';
import { lateBypass, lateWorkload, startLate } from '../../fixtures/sandbox/late-workload.ts';
import { podAddress, podsOf } from '../../fixtures/sandbox/pod.ts';
import { agentPort } from '../../fixtures/sandbox/ports.ts';
import { bytes, expect, GET, requirement } from '../../fixtures/test.ts';

/** Milliseconds for Felix to let connections through again, which is slower while pods come and go beside it. */
const withinMs = 20_000;

/** Of the Service, and of its pods where that is another one: OpenShift's listen on 5353. */
const dns = [53, 5353];

const onLate = { selector: `app == '${lateWorkload}'` };

requirement('AVL-06', async ({ cluster, run, sandbox, policy }) => {
  const denyAll = await policy.enforce([], { spec: onLate });
  await expect(
    startLate(cluster, run, sandbox, policy),
    'the start of a workload that is denied everything',
  ).resolves.toBeUndefined();
  const [pod] = await podsOf(cluster, sandbox.mesh, `app=${lateWorkload}`);
  if (pod === undefined) throw new Error('The late workload has no running pod.');
  const route = await sandbox.routeTo('plain', {
    name: 'plain -> late by pod address',
    host: podAddress(pod),
    port: agentPort('http').port,
    isApplication: ({ headers }) => headers['x-alp-echo'] !== undefined,
  });
  // Each of these takes a connect time-out, in which the kubelet has asked for its readiness again.
  await expect(route).toDecide([[GET('/'), 'denied by felix']]);
  const [still] = await podsOf(cluster, sandbox.mesh, `app=${lateWorkload}`);
  expect(askedForReadiness(pod), 'containers that are asked whether they are ready').toContain('agent');
  expect(readySince(pod), 'since when the workload is ready').toBeDefined();
  expect(still && readySince(still), 'since when the workload is ready, while it is denied everything').toBe(
    readySince(pod),
  );
  const restarts = containersOf(still ?? pod).map(({ restartCount }) => restartCount);
  expect(restarts, 'restarts of its containers').toEqual(restarts.map(() => 0));
  // Without the policy a connection opens, and so it was the policy that kept it from opening.
  await policy.remove(denyAll);
  await expect({ ...route, name: `${route.name}, policy removed` }).toDecide(
    [[GET('/'), ['allowed', 'refused by mtls', 'error']]],
    { withinMs },
  );
});

requirement('EGR-01', async ({ cluster, run, sandbox, policy }) => {
  const narrow = await policy.enforce([], {
    spec: { ...onLate, types: ['Egress'], ingress: undefined },
    egress: [
      allow({ protocol: 'UDP', destination: { ports: dns } }),
      allow({ protocol: 'TCP', destination: { ports: dns } }),
      allow({
        protocol: 'TCP',
        destination: {
          selector: "app == 'istiod'",
          namespaceSelector: "projectcalico.org/name == 'istio-system'",
          ports: [15012],
        },
      }),
    ],
  });
  await expect(
    startLate(cluster, run, sandbox, policy),
    'the start of a workload that may speak to DNS and istiod alone',
  ).resolves.toBeUndefined();
  const route = await sandbox.routeFromPod(lateWorkload, {
    name: 'late -> plain by pod address',
    host: await sandbox.address('plain'),
    port: lateBypass,
    isApplication: () => false,
  });
  await expect(route).toDecide([[bytes('hello'), 'denied by felix']]);
  await policy.remove(narrow);
  await expect(route).toDecide([[bytes('hello'), 'allowed']], { withinMs });
});
