import type { Cluster } from '../../fixtures/cluster/client.ts';
import { type KubeObject, refOf } from '../../fixtures/cluster/objects.ts';
import { ControlError } from '../../fixtures/outcome.ts';
import {
  onceTold,
  type PeerAuthenticationSpec,
  peerAuthentication,
} from '../../fixtures/policies/peer-authentication.ts';
import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import type { SandboxPolicies } from '../../fixtures/policies/sandbox-policies.ts';
import { lookFor } from '../../fixtures/probes/hazard.ts';
import { forwardedIdentity } from '../../fixtures/probes/identity.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { agentPort } from '../../fixtures/sandbox/ports.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('MTLS-05', 'scopes', async ({ policy, sandbox, cluster }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  // The workload's is the older one, so that it could only be its scope that puts it first.
  const strict = { app: 'echo', mode: 'STRICT' } as const;
  const workload = await policy.make(peerAuthentication(policy.name('workload'), sandbox.mesh, strict));
  const namespaceWide = await makeYounger(cluster, policy, workload, () =>
    policy.make(peerAuthentication(policy.name('namespace'), sandbox.mesh, { mode: 'PERMISSIVE' })),
  );
  await expect(await sandbox.route('plain', 'other', { by: 'pod address' })).toDecide(
    [[GET('/'), 'allowed']],
    onceTold,
  );
  // What is said of a port after it shows when the workload itself has been told of the namespace's, too.
  const marker = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-second' });
  await change(policy, workload, { ...strict, ports: { [agentPort('http-second').port]: 'PERMISSIVE' } });
  await expect(marker).toDecide([[GET('/'), 'allowed', control]], onceTold);
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']]);
  await change(policy, workload, { app: 'echo', mode: 'UNSET' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed']], onceTold);
  await change(policy, namespaceWide, { mode: 'UNSET' });
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']], onceTold);
});

requirement('MTLS-05', 'age', async ({ policy, sandbox, cluster }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const make = (name: string, spec: PeerAuthenticationSpec) =>
    policy.make(peerAuthentication(policy.name(name), sandbox.mesh, spec));
  // By name the newer one comes first, so that it could only be its age that puts it second.
  const older = await make('z-older', { mode: 'PERMISSIVE' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed']], onceTold);
  await makeYounger(cluster, policy, older, () => make('a-newer', { mode: 'STRICT' }));
  // What is made after it shows when istiod has told of it: ports of the workload alone, for the rest inherits.
  const marker = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-second' });
  await expect(marker).toDecide([[GET('/'), 'allowed', control]]);
  const { port } = agentPort('http-second');
  await mode(policy, sandbox, 'marker')({ app: 'echo', mode: 'UNSET', ports: { [port]: 'STRICT' } });
  await expect(marker).toDecide([[GET('/'), 'refused by mtls']], onceTold);
  await expect(plaintext).toDecide([[GET('/'), 'allowed']]);
  await policy.remove(older);
  await expect(plaintext).toDecide([[GET('/'), 'refused by mtls']], onceTold);
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

requirement('MTLS-13', async ({ policy, sandbox }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  const tls = await sandbox.route('plain', 'echo', { by: 'pod address', tls: { alpn: ['istio'] } });
  // That TLS is spoken before is what gives its lack a meaning.
  await expect(tls).toDecide([[GET('/'), 'refused by mtls']]);
  // Connections that are open already go on by mutual TLS.
  const inside = await sandbox.coldRoute('client', 'echo');
  await mode(policy, sandbox, 'namespace')({ mode: 'DISABLE' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed', control]], onceTold);
  const [handshake] = await observe(tls, [GET('/')]);
  const { response, error } = handshake?.observation ?? {};
  expect(response, 'an answer by TLS').toBeUndefined();
  expect(error, 'how the handshake ended').toMatchObject({ stage: 'tls' });
  expect(error?.alert, 'a word of TLS from the other end').toBeUndefined();
  // A sidecar that has not heard of a service yet passes on what it gets, and would be taken for one that obeys.
  await expect(inside).toDecide([[GET('/'), 'allowed']], { ...onceTold, stayMs: 1_000 });
  expect(await forwardedIdentity(inside), 'the client identity that the mesh forwards').toBe('');
});

requirement('MTLS-14', async ({ policy, sandbox }) => {
  const plaintext = await sandbox.route('plain', 'echo', { by: 'pod address' });
  // No line of a log says more of it, so none is waited for.
  const { serverLogs, clientLogs, ...outside } = await sandbox.coldRoute('stranger', 'echo');
  await mode(policy, sandbox, 'namespace')({ mode: 'DISABLE' });
  await expect(plaintext).toDecide([[GET('/'), 'allowed', control]], onceTold);
  await lookFor(outside, [GET('/')], { present: 'error', absent: 'allowed' });
  // Much else is an error. This one is told by the client's sidecar, in Envoy's words for a handshake that went wrong.
  const [judged] = await observe(outside, [GET('/')]);
  const { status, body = '' } = judged?.observation.response ?? {};
  if (status !== 503 || !body.includes('remote connection failure')) {
    throw new ControlError(
      `${outside.name} fails for another reason: ${judged?.verdict.evidence.join(', ')}`,
    );
  }
});

/** Makes a PeerAuthentication of the sandbox's mesh namespace say this, whether it is there already or not. */
function mode(policy: SandboxPolicies, sandbox: Sandbox, name: string) {
  let made: KubeObject | undefined;
  return async (spec: PeerAuthenticationSpec) => {
    made = await (made === undefined
      ? policy.make(peerAuthentication(policy.name(name), sandbox.mesh, spec))
      : change(policy, made, spec));
  };
}

/** Makes a PeerAuthentication that is there say something else; it stays as old as it is. */
function change(
  policy: SandboxPolicies,
  object: KubeObject,
  spec: PeerAuthenticationSpec,
): Promise<KubeObject> {
  const { name, namespace = '' } = object.metadata;
  return policy.replace(object, peerAuthentication(name, namespace, spec).spec as object);
}

/** Makes an object anew until it is younger than another: Kubernetes tells ages in whole seconds. */
async function makeYounger(
  cluster: Cluster,
  policy: SandboxPolicies,
  older: KubeObject,
  make: () => Promise<KubeObject>,
): Promise<KubeObject> {
  const created = async (object: KubeObject) => (await cluster.get(refOf(object))).metadata.creationTimestamp;
  const since = await created(older);
  let made = await make();
  while ((await created(made)) === since) {
    await policy.remove(made);
    made = await make();
  }
  return made;
}
