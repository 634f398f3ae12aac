import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type Scope, scopeOf } from './workload.ts';

/** A Gateway: which ports and hosts the proxies that it selects serve, whatever their namespace. */
export interface Gateway extends Scope {
  servers: GatewayServer[];
}

export interface GatewayServer {
  port: number;
  hosts: GatewayHost[];
}

/** A host name or wildcard, and the namespace whose VirtualServices may serve it; `*` for any. */
export interface GatewayHost {
  namespace: string;
  host: string;
}

interface Spec {
  selector?: Record<string, string>;
  servers?: { port: { number: number; protocol?: string }; hosts?: string[] }[];
}

const plaintext = new Set(['HTTP', 'HTTP2', 'GRPC']);

/** Its servers of plaintext HTTP; the mesh serves no others. */
export function gatewayOf(object: KubeObject): Gateway {
  const { selector, servers = [] } = (object.spec ?? {}) as Spec;
  const scope = scopeOf(object, selector);
  return {
    ...scope,
    servers: servers
      .filter(({ port }) => plaintext.has((port.protocol ?? 'HTTP').toUpperCase()))
      .map(({ port, hosts = [] }) => ({
        port: port.number,
        hosts: hosts.map((host) => gatewayHost(host, scope.namespace)),
      })),
  };
}

function gatewayHost(text: string, own: string): GatewayHost {
  const [namespace, host] = text.includes('/') ? (text.split('/', 2) as [string, string]) : ['*', text];
  return { namespace: namespace === '.' ? own : namespace, host: host.toLowerCase() };
}
