import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { findInjection, type Injection, UnclearInjection } from '../../../fixtures/injector/injection.ts';
import type { Circumstances } from './check.ts';

/**
 * How pods get their sidecars, where Istio is there and it is clear; `istio.ts` tells why where it is not, and what
 * depends on it has nothing to look at then.
 */
export async function injectionWhereClear(
  cluster: Cluster,
  { inspection, options }: Circumstances,
): Promise<Injection | undefined> {
  if (!inspection.istioInstalled) return undefined;
  return findInjection(cluster, options.revision).catch((error: unknown) => {
    if (error instanceof UnclearInjection) return undefined;
    throw error;
  });
}
