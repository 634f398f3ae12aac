import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** The namespace whose settings hold for the whole mesh. */
export const rootNamespace = 'istio-system';

/** What every SPIFFE id of the mesh begins with after the scheme. */
export const trustDomain = 'cluster.local';

const suffix = 'svc.cluster.local';

/** A host as the mesh knows it: a name without a dot is a Service of the namespace that it is said in. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : `${host}.${namespace}.${suffix}`;
}

export function hostOf({ metadata: { name, namespace } }: KubeObject): string {
  return fullHost(name, namespace ?? '');
}

/** The Service that a full host name stands for; undefined for a host outside the cluster. */
export function serviceNameOf(host: string): { name: string; namespace: string } | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** What Envoy calls the endpoints behind a port of a host. */
export function clusterName(host: string, port: number): string {
  return `outbound|${port}||${host}`;
}

/** The reverse of `clusterName`; undefined for a cluster of another form. */
export function parseClusterName(cluster: string): { host: string; port: number } | undefined {
  const [, port, host] = /^outbound\|(\d+)\|[^|]*\|(.+)$/.exec(cluster) ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}
