import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ServiceEndpoint } from '../cluster/service.ts';

/** What istiod asks the cluster about Services. */
export interface ServiceRegistry {
  /** The Service with this cluster address. */
  serviceOf: (address: string) => KubeObject | undefined;
  /** Its endpoints, ready or not, port by port. */
  endpointsOf: (service: KubeObject) => readonly ServiceEndpoint[];
}
