import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { GET } from '../../fixtures/probes/request.ts';
import { istioNamespace } from './installing-istio.ts';
import type { Step } from './step.ts';

const apiVersion = 'security.istio.io/v1beta1';

/** The tutorial's mesh-wide policy. */
export const strictMutualTls: KubeObject = {
  apiVersion,
  kind: 'PeerAuthentication',
  metadata: { name: 'default-strict-mode', namespace: istioNamespace },
  spec: { mtls: { mode: 'STRICT' } },
};

export const peerAuthentication: Step = {
  title: 'PeerAuthentication',
  changes: 'demands mutual TLS of the whole mesh (PeerAuthentication default-strict-mode, STRICT)',
  present: async ({ cluster }) => (await meshMode(cluster)) === 'STRICT',
  apply: async ({ cluster, guest }) => {
    const other = await oldestMeshPolicy(cluster);
    if (other !== undefined && other.metadata.name !== strictMutualTls.metadata.name) {
      throw new Error(
        `PeerAuthentication istio-system/${other.metadata.name} is older and decides for the whole mesh; set it to STRICT or remove it.`,
      );
    }
    await guest.create(strictMutualTls);
  },
  verify: async (walk) => {
    const witness = await walk.witness();
    await walk.awaitVerdicts(await witness.route('plain', 'echo', { by: 'pod address' }), [
      [GET('/'), 'refused by mtls'],
    ]);
    // With the filter in force already, the witness has no Dikastes to ask, which is an answer all the same.
    await walk.awaitVerdicts(await witness.route('client', 'echo'), [
      [GET('/'), ['allowed', 'filter error']],
    ]);
  },
};

/** The mode that the whole mesh is in; PERMISSIVE is Istio's default. */
export async function meshMode(cluster: Cluster): Promise<string> {
  const policy = await oldestMeshPolicy(cluster);
  const mode = (policy?.spec as { mtls?: { mode?: string } } | undefined)?.mtls?.mode;
  return mode === undefined || mode === 'UNSET' ? 'PERMISSIVE' : mode;
}

/**
 * In the root namespace a policy without selector speaks for the whole mesh, and of several the oldest counts
 * (istio `pilot/pkg/security/authn/policy_applier.go`).
 */
async function oldestMeshPolicy(cluster: Cluster): Promise<KubeObject | undefined> {
  if (!(await cluster.supports(apiVersion, 'PeerAuthentication'))) return undefined;
  const policies = await cluster.list({ apiVersion, kind: 'PeerAuthentication', namespace: istioNamespace });
  return policies
    .filter(({ spec }) => (spec as { selector?: unknown } | undefined)?.selector === undefined)
    .sort((a, b) => age(a).localeCompare(age(b)))[0];
}

function age(object: KubeObject): string {
  return String((object.metadata as { creationTimestamp?: string }).creationTimestamp ?? '');
}
