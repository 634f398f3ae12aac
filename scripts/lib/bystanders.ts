import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { containersOf } from '../../fixtures/cluster/pods.ts';
import { istioNamespace } from '../runbook/installing-istio.ts';
import { peerAuthentication } from '../runbook/peer-authentication.ts';
import { serviceMeshAuthorization } from '../runbook/service-mesh-authorization.ts';
import type { Step } from '../runbook/step.ts';
import type { Walk } from '../runbook/walk.ts';

/** What a run does to pods that have nothing to do with it, until it is over. */
export interface Toll {
  /** To be read after "N pods". */
  what: string;
  /** `NAMESPACE/NAME` each. */
  pods: string[];
}

/**
 * Who else on the cluster feels a run: the filter that asks Dikastes and mutual TLS are for the whole mesh, and both
 * fail closed. Gateways have no inbound listeners of a sidecar, which is where either goes.
 */
export async function bystanders(cluster: Cluster, walk: Walk): Promise<Toll[]> {
  const isThere = (step: Step) => step.present(walk).catch(() => false);
  const [pods, filtered, strict] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod' }),
    isThere(serviceMeshAuthorization),
    isThere(peerAuthentication),
  ]);
  const injected = pods
    .filter((pod) => pod.metadata.namespace !== istioNamespace && !isGateway(pod) && !hasEnded(pod))
    .map((pod) => ({ pod, names: containersOf(pod).map(({ name }) => name) }))
    .filter(({ names }) => names.includes('istio-proxy'));
  const without = injected.filter(({ names }) => !names.includes('dikastes'));
  return [
    tollOf(filtered ? [] : without, 'with a sidecar, but without Dikastes, will answer 403 to everything'),
    tollOf(strict ? [] : injected, 'with a sidecar will refuse plaintext'),
  ].filter(({ pods }) => pods.length > 0);
}

/** A toll in one line. */
export function tell({ what, pods }: Toll): string {
  const more = pods.length > 5 ? ` and ${pods.length - 5} more` : '';
  return `${pods.length} ${pods.length === 1 ? 'pod' : 'pods'} ${what} until the run is over: ${pods.slice(0, 5).join(', ')}${more}`;
}

/** As those of Jobs have. */
function hasEnded({ status }: KubeObject): boolean {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Wherever they run. */
function isGateway({ spec }: KubeObject): boolean {
  const { containers = [] } = (spec ?? {}) as { containers?: { args?: string[] }[] };
  return containers.some(({ args = [] }) => args.includes('router'));
}

function tollOf(whom: readonly { pod: KubeObject }[], what: string): Toll {
  return { what, pods: whom.map(({ pod: { metadata } }) => `${metadata.namespace}/${metadata.name}`) };
}
