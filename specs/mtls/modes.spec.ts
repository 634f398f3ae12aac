import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import {
  onceTold,
  type PeerAuthenticationSpec,
  peerAuthentication,
} from '../../fixtures/policies/peer-authentication.ts';
import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import type { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import { agentPort } from '../../fixtures/sandbox/ports.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('MTLS-05', 'scopes', async ({ policy, sandbox }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const namespaceWide = mode(policy, sandbox, 'namespace');
  const workload = mode(policy, sandbox, 'workload');
  await namespaceWide({ mode: 'PERMISSIVE' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed']], onceTold);
  await workload({ app: 'echo', mode: 'STRICT' });
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']], onceTold);
  await workload({ app: 'echo', mode: 'UNSET' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed']], onceTold);
  await namespaceWide({ mode: 'UNSET' });
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']], onceTold);
});

requirement('MTLS-05', 'age', async ({ policy, sandbox, cluster }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const make = (name: string, spec: PeerAuthenticationSpec) =>
    policy.make(peerAuthentication(policy.name(name), sandbox.mesh, spec));
  // By name the newer one comes first, so that it could only be its age that puts it second.
  const older = await make('z-older', { mode: 'PERMISSIVE' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed']], onceTold);
  let newer = await make('a-newer', { mode: 'STRICT' });
  // Kubernetes tells ages in whole seconds.
  while ((await created(newer)) === (await created(older))) {
    await policy.remove(newer);
    newer = await make('a-newer', { mode: 'STRICT' });
  }
  // What is made after it shows when istiod has told of it: ports of the workload alone, for the rest inherits.
  const marker = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-second' });
  await expect(marker).toDecide([[GET('/'), 'allowed', control]]);
  const { port } = agentPort('http-second');
  await mode(policy, sandbox, 'marker')({ app: 'echo', mode: 'UNSET', ports: { [port]: 'STRICT' } });
  await expect(marker).toDecide([[GET('/'), 'refused by mtls']], onceTold);
  await expect(plaintext).toDecide([[GET('/'), 'allowed']]);
  await policy.remove(older);
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']], onceTold);

  async function created({ apiVersion, kind, metadata: { namespace, name } }: KubeObject) {
    return (await cluster.get({ apiVersion, kind, namespace, name })).metadata.creationTimestamp;
  }
});

requirement('MTLS-06', async ({ policy, sandbox }) => {
  const first = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const second = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-second' });
  const workload = mode(policy, sandbox, 'workload');
  await workload({ app: 'echo', mode: 'STRICT', ports: { '8080': 'PERMISSIVE' } });
  await expect(first).toDecide([[GET('/'), 'allowed']], onceTold);
  await expect(second).toDecide([[GET('/'), 'refused by mtls']], onceTold);
  await workload({ app: 'echo', mode: 'PERMISSIVE', ports: { '8080': 'STRICT' } });
  await expect(second).toDecide([[GET('/'), 'allowed']], onceTold);
  await expect(first).toDecide([[GET('/'), 'refused by mtls']], onceTold);
  // 80 is the port of the Service, and no container has it.
  await workload({ app: 'echo', mode: 'PERMISSIVE', ports: { '80': 'STRICT' } });
  await expect(first).toDecide([[GET('/'), 'allowed']], onceTold);
});

requirement('MTLS-10', async ({ cluster, sandbox }) => {
  const wrong = peerAuthentication('alp-conformance-ports', sandbox.mesh, { ports: { '8080': 'DISABLE' } });
  await expect(cluster.create(wrong, { dryRun: true })).rejects.toThrow(/portLevelMtls/);
  const right = peerAuthentication('alp-conformance-ports', sandbox.mesh, {
    app: 'echo',
    ports: { '8080': 'DISABLE' },
  });
  await cluster.create(right, { dryRun: true });
});

requirement('MTLS-11', async ({ policy, sandbox }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  await mode(policy, sandbox, 'namespace')({ mode: 'PERMISSIVE' });
  await expect(plaintext).toDecide([[POST('/'), 'allowed']], onceTold);
  await policy.enforce([openTransport, allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
  await expect(plaintext).toDecide([
    [GET('/'), 'allowed', control],
    [GET('/other'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
  ]);
});

/** Makes a PeerAuthentication of the sandbox's mesh namespace say this, whether it is there already or not. */
function mode(policy: SandboxPolicies, sandbox: Sandbox, name: string) {
  let made: KubeObject | undefined;
  return async (spec: PeerAuthenticationSpec) => {
    const wanted = peerAuthentication(policy.name(name), sandbox.mesh, spec);
    made = await (made === undefined ? policy.make(wanted) : policy.replace(made, wanted.spec as object));
  };
}
