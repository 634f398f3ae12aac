import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { Services } from '../../../reference/cluster/services.ts';
import { Istiod, type IstiodOptions } from '../../../reference/istio/istiod.ts';
import type { RoutedRequest } from '../../../reference/istio/route.ts';
import { type IstioRules, istioRules } from '../../../reference/rules/istio.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';
import { serviceMeshAuthorization } from '../../../scripts/runbook/service-mesh-authorization.ts';

/** A store with istiod on it, and short words for what tests put in. */
export class Mesh {
  readonly store = new Store(resourceTypes);
  readonly istiod: Istiod;
  private addresses = 0;

  constructor(rules: Partial<IstioRules> = {}, options: IstiodOptions = {}) {
    this.istiod = new Istiod(this.store, new Services(this.store), { ...istioRules, ...rules }, options);
  }

  add(...objects: KubeObject[]): void {
    for (const object of objects) this.store.create(object);
  }

  /** A ready pod with an address and, unless said otherwise, a sidecar. */
  pod(namespace: string, app: string, options: PodOptions = {}): KubeObject {
    const { sidecar = true, ready = true, labels = {} } = options;
    const istio = sidecar ? { 'security.istio.io/tlsMode': 'istio' } : {};
    this.addresses += 1;
    return this.store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${app}-${this.addresses}`, namespace, labels: { app, ...istio, ...labels } },
      spec: { containers: [{ name: app, image: app, ports: [{ name: 'web', containerPort: 8080 }] }] },
      status: {
        phase: 'Running',
        podIP: `192.168.0.${this.addresses}`,
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    });
  }

  gateway(): KubeObject {
    const proxy = { name: 'istio-proxy', image: 'proxyv2', args: ['proxy', 'router'] };
    return this.store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'istio-ingressgateway-1',
        namespace: 'istio-system',
        labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      },
      spec: { containers: [proxy] },
    });
  }

  /** A Service before the pods with a label `app`; its port 80 leads to 8080. */
  service(namespace: string, name: string, options: ServiceOptions = {}): KubeObject {
    const { app = name, portName = 'http', targetPort = 8080 } = options;
    this.addresses += 1;
    const clusterIP = `10.96.0.${this.addresses}`;
    const ports = [{ ...(portName !== '' && { name: portName }), port: 80, targetPort }];
    return this.store.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app }, clusterIP, ports },
    });
  }
}

interface PodOptions {
  sidecar?: boolean;
  ready?: boolean;
  labels?: Record<string, string>;
}

interface ServiceOptions {
  app?: string;
  portName?: string;
  targetPort?: number | string;
}

export function clusterAddress(service: KubeObject): { address: string; port: number } {
  return { address: (service.spec as { clusterIP: string }).clusterIP, port: 80 };
}

export function get(authority: string, path = '/', rest: Partial<RoutedRequest> = {}): RoutedRequest {
  return { authority, method: 'GET', path, headers: {}, ...rest };
}

export function istio(
  group: string,
  kind: string,
  namespace: string,
  name: string,
  spec: object,
): KubeObject {
  return { apiVersion: `${group}.istio.io/v1`, kind, metadata: { name, namespace }, spec };
}

export function peerAuthentication(namespace: string, name: string, spec: object): KubeObject {
  return istio('security', 'PeerAuthentication', namespace, name, spec);
}

/** The objects by which the tutorial makes every sidecar ask Dikastes, as the suite applies them. */
export async function dikastesObjects(): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  const guest = { createMissing: async (objects: KubeObject[]) => void applied.push(...objects) };
  await serviceMeshAuthorization.apply({ guest } as never);
  return applied;
}
