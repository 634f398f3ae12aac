import semver from 'semver';
import type { Lane } from '../../lanes/lane.ts';

/** The first release that Calico documents a template for; it has native sidecars to be switched on. */
const nativeSidecarsSince = '1.22.0';

/**
 * Arguments of `istioctl install` for a lane: native sidecars, which Calico's documented template takes for granted,
 * are off by default before Istio 1.27, and later on nodes before Kubernetes 1.33.
 */
export function istioArguments({ istio }: Pick<Lane, 'istio'>): string[] {
  return hasNativeSidecars(istio) ? ['--set', 'values.pilot.env.ENABLE_NATIVE_SIDECARS=true'] : [];
}

/** Whether a kind cluster with this release of Istio has native sidecars. */
export function hasNativeSidecars(istio: string): boolean {
  return semver.gte(istio, nativeSidecarsSince);
}
