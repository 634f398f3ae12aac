import { findInjection, UnclearInjection } from '../../../fixtures/injector/injection.ts';
import { istioNamespace } from '../../runbook/installing-istio.ts';
import { istiodsOf } from '../istiod.ts';
import { type Check, fits, unfit } from './check.ts';

/** Which Istio a run goes by: one that is there, in the one namespace that is known, of one revision. */
export const istio: Check = {
  name: 'Istio',
  look: async (cluster, { options }) => {
    const istiods = await istiodsOf(cluster);
    if (istiods.length === 0) return fits('There is no Istio, and the run will install it');
    const foreign = istiods.find(({ metadata }) => metadata.namespace !== istioNamespace);
    if (foreign !== undefined) {
      return unfit(
        `Istio runs as ${foreign.metadata.namespace}/${foreign.metadata.name}, and the run knows only namespace ${istioNamespace}`,
        'use a cluster whose Istio is installed there',
      );
    }
    try {
      const { revision, label } = await findInjection(cluster, options.revision);
      return fits(
        `Istio's revision ${revision} brings sidecars to namespaces labelled ${label.key}=${label.value}`,
      );
    } catch (error) {
      if (error instanceof UnclearInjection) return unfit(error.found, error.todo);
      throw error;
    }
  },
};
