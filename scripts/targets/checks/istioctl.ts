import { istioctlVersion } from '../../lib/istioctl.ts';
import { type Check, fits, unfit } from './check.ts';

export const istioctl: Check = {
  name: 'istioctl',
  look: async (_, { inspection, options }) => {
    if (inspection.istioInstalled) return fits('istioctl is not needed, since Istio is there');
    const version = await istioctlVersion(options.istioctl);
    return version === undefined
      ? unfit(
          'The cluster has no Istio and there is no istioctl to install it with',
          'put istioctl on PATH or give --istioctl FILE',
        )
      : fits(`istioctl ${version} will install Istio`);
  },
};
