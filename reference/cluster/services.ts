import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Store } from '../store/store.ts';
import { endpointsAmong, type ServiceEndpoint, serviceSpec } from './service.ts';

const clusterDomain = 'cluster.local';

/** What the cluster's DNS and kube-proxy know: the names and addresses of services, and the pods behind them. */
export class Services {
  private readonly store: Store;
  private readonly end: () => void;
  private byAddress: Map<string, KubeObject> | undefined;
  private readonly endpoints = new Map<string, ServiceEndpoint[]>();
  private readonly turns = new Map<string, number>();

  constructor(store: Store) {
    this.store = store;
    const ends = [
      store.subscribe('Service', () => {
        this.byAddress = undefined;
        this.endpoints.clear();
      }),
      store.subscribe('Pod', () => this.endpoints.clear()),
    ];
    this.end = () => {
      for (const end of ends) end();
    };
  }

  /**
   * The address of a service, or of one ready pod of a headless one. A name is relative to the namespace that asks:
   * `svc`, `svc.ns`, `svc.ns.svc` or `svc.ns.svc.cluster.local`.
   */
  resolve(name: string, namespace: string | undefined): string | undefined {
    const service = this.named(name, namespace);
    if (service === undefined) return undefined;
    const { clusterIP, type } = serviceSpec(service);
    if (type === 'ExternalName') return undefined;
    if (clusterIP !== 'None') return clusterIP;
    const ready = this.endpointsOf(service).filter((endpoint) => endpoint.ready);
    return this.next(`name ${keyOf(service)}`, [...new Set(ready.map(({ address }) => address))]);
  }

  /** The service that a name is of, as `resolve` reads it. */
  named(name: string, namespace: string | undefined): KubeObject | undefined {
    const labels = name.toLowerCase().replace(/\.$/, '').split('.');
    const [service = '', within = namespace, svc = 'svc', ...domain] = labels;
    if (within === undefined || svc !== 'svc') return undefined;
    if (domain.length > 0 && domain.join('.') !== clusterDomain) return undefined;
    return this.store.find('Service', service, within);
  }

  /**
   * Where a connection to a service's address goes: to its ready endpoints in turn.
   *
   * @returns `refused` when there are none, also for a port that the service does not have; undefined for an address
   *   that is no service's.
   */
  balance(address: string, port: number): { address: string; port: number } | 'refused' | undefined {
    const service = this.serviceOf(address);
    if (service === undefined) return undefined;
    const ready = this.endpointsOf(service).filter(
      (endpoint) => endpoint.ready && endpoint.servicePort === port,
    );
    const chosen = this.next(`${address}:${port}`, ready);
    return chosen === undefined ? 'refused' : { address: chosen.address, port: chosen.port };
  }

  /** The service that has an address. */
  serviceOf(address: string): KubeObject | undefined {
    this.byAddress ??= new Map(
      this.store.list('Service').flatMap((service) => {
        const { clusterIP } = serviceSpec(service);
        return clusterIP === undefined || clusterIP === 'None' ? [] : [[clusterIP, service] as const];
      }),
    );
    return this.byAddress.get(address);
  }

  /** The endpoints of a service, ready or not, port by port. */
  endpointsOf(service: KubeObject): ServiceEndpoint[] {
    const key = keyOf(service);
    const known = this.endpoints.get(key);
    if (known !== undefined) return known;
    const found = endpointsAmong(service, this.store.list('Pod', service.metadata.namespace));
    this.endpoints.set(key, found);
    return found;
  }

  close(): void {
    this.end();
  }

  private next<T>(whose: string, choices: readonly T[]): T | undefined {
    if (choices.length === 0) return undefined;
    const turn = this.turns.get(whose) ?? 0;
    this.turns.set(whose, turn + 1);
    return choices[turn % choices.length];
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}/${metadata.resourceVersion}`;
}
