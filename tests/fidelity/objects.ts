import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ShortObject } from './rows.ts';

const calico = 'projectcalico.org/v3';

/** What the short form leaves out, by kind. */
const kinds: Record<string, { apiVersion: string; kind?: string; selects?: boolean }> = {
  GlobalNetworkPolicy: { apiVersion: calico, selects: true },
  NetworkPolicy: { apiVersion: calico, selects: true },
  StagedGlobalNetworkPolicy: { apiVersion: calico, selects: true },
  StagedNetworkPolicy: { apiVersion: calico, selects: true },
  StagedKubernetesNetworkPolicy: { apiVersion: calico },
  Tier: { apiVersion: calico },
  KubernetesNetworkPolicy: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  PeerAuthentication: { apiVersion: 'security.istio.io/v1' },
  VirtualService: { apiVersion: 'networking.istio.io/v1' },
  Service: { apiVersion: 'v1' },
  ServiceAccount: { apiVersion: 'v1' },
};

/**
 * The object that a short form stands for: its spec's fields stand beside its name.
 *
 * @param selector what a policy selects that does not say so itself.
 * @param resolve gives the address for what stands in braces in any text.
 */
export function objectOf(
  short: ShortObject,
  selector: string | undefined,
  resolve: (place: string) => string,
): KubeObject {
  const { kind = 'GlobalNetworkPolicy', name = 'p', namespace, labels, ageSeconds: _, ...spec } = short;
  const known = kinds[kind];
  if (known === undefined) throw new Error(`There is no short form of ${kind}.`);
  const selects = known.selects === true && selector !== undefined && spec.selector === undefined;
  const text = JSON.stringify({ ...(selects && { selector }), ...spec });
  const resolved = JSON.parse(
    text.replaceAll(/\{([a-z][^{}"]*)\}/g, (_all, place: string) => resolve(place)),
  );
  return {
    apiVersion: known.apiVersion,
    kind: known.kind ?? kind,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
    ...(Object.keys(resolved).length > 0 && { spec: resolved }),
  };
}
