import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { listWhereServed } from '../../../fixtures/cluster/served.ts';
import { dikastesHost } from '../../../fixtures/dikastes-service.ts';
import { type Check, fits, unfit } from './check.ts';
import { injectionWhereClear } from './mesh.ts';

/**
 * A Sidecar that does not import Dikastes' host takes its cluster from the proxies it is for (istio
 * `pilot/pkg/model/sidecar.go`, `networking/core/cluster.go`). Envoy keeps the filter, finds no cluster to ask, and
 * fails closed (`common/grpc/async_client_impl.cc`, "Cluster not available"). Sandboxes have a Sidecar of their own
 * where they need one; the front end has the one that is there.
 */
export const sidecars: Check = {
  name: 'Sidecars',
  look: async (cluster, circumstances) => {
    const injection = await injectionWhereClear(cluster, circumstances);
    if (injection === undefined) return fits('There is no Sidecar to look at yet');
    const [sidecars, frontend] = await Promise.all([
      listWhereServed(cluster, { apiVersion: 'networking.istio.io/v1alpha3', kind: 'Sidecar' }),
      cluster.find({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'frontend' }),
    ]);
    const sidecar = sidecarOf(sidecars, labelsOf(frontend), injection.namespace);
    if (sidecar === undefined || importsDikastes(sidecar, injection.namespace)) {
      return fits("The front end's sidecar can be told of Dikastes");
    }
    return unfit(
      `Sidecar ${sidecar.metadata.namespace}/${sidecar.metadata.name} keeps the front end's proxy from knowing Dikastes (${dikastesHost} in ${injection.namespace}), so that it would deny every request`,
      `add ${injection.namespace}/${dikastesHost} to the hosts of an egress listener of it without a port`,
    );
  },
};

interface Spec {
  workloadSelector?: { labels?: Record<string, string> };
  egress?: { port?: object; hosts?: string[] }[];
}

/**
 * The Sidecar that holds for the front end: one that selects it, else one for its namespace, else the root
 * namespace's; of several the oldest (istio `pilot/pkg/model/push_context.go` initSidecarScopes).
 */
export function sidecarOf(
  all: readonly KubeObject[],
  labels: Record<string, string>,
  rootNamespace: string,
): KubeObject | undefined {
  const oldest = all.toSorted((a, b) => age(a).localeCompare(age(b)));
  const own = oldest.filter(({ metadata }) => metadata.namespace === 'default');
  return (
    own.find((sidecar) => selectorOf(sidecar) !== undefined && isFor(sidecar, labels)) ??
    own.find((sidecar) => selectorOf(sidecar) === undefined) ??
    oldest.find(
      (sidecar) => sidecar.metadata.namespace === rootNamespace && selectorOf(sidecar) === undefined,
    )
  );
}

/** Whether a Sidecar's proxies are told of Dikastes: without egress listeners they are told of everything. */
export function importsDikastes({ spec }: KubeObject, rootNamespace: string): boolean {
  const { egress = [] } = (spec ?? {}) as Spec;
  if (egress.length === 0) return true;
  return egress.some(
    ({ port, hosts = [] }) =>
      port === undefined &&
      hosts.some((host) => {
        const [namespace = '', name = ''] = host.split('/');
        // "." is the namespace of the front end, which the root namespace is not.
        return (namespace === '*' || namespace === rootNamespace) && isPatternOf(name, dikastesHost);
      }),
  );
}

function isPatternOf(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

function isFor(sidecar: KubeObject, labels: Record<string, string>): boolean {
  return Object.entries(selectorOf(sidecar) ?? {}).every(([key, value]) => labels[key] === value);
}

/** The labels of the front end's pods; those of the tutorial's where it is not there yet. */
function labelsOf(frontend: KubeObject | undefined): Record<string, string> {
  const { template } = (frontend?.spec ?? { template: {} }) as {
    template: { metadata?: { labels?: Record<string, string> } };
  };
  return template.metadata?.labels ?? { app: 'frontend' };
}

function selectorOf({ spec }: KubeObject): Record<string, string> | undefined {
  const { workloadSelector } = (spec ?? {}) as Spec;
  return workloadSelector === undefined ? undefined : (workloadSelector.labels ?? {});
}

function age({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? '';
}
