/**
 * What the projects say of each other's releases, by line (`3.32`): Calico's system requirements and its page on
 * application layer policy, Istio's support status, and the default node images of kind's releases. Lines that
 * are newer than all of these are not judged: nobody has said yet what they go together with.
 */

/** From one line to another, both included. */
export interface Range {
  from: string;
  to: string;
}

/** Kubernetes that each line of Calico is tested with. */
export const kubernetesOfCalico: Record<string, Range> = {
  '3.24': { from: '1.22', to: '1.25' },
  '3.25': { from: '1.23', to: '1.28' },
  '3.26': { from: '1.24', to: '1.28' },
  '3.27': { from: '1.27', to: '1.29' },
  '3.28': { from: '1.27', to: '1.30' },
  '3.29': { from: '1.29', to: '1.32' },
  '3.30': { from: '1.31', to: '1.35' },
  '3.31': { from: '1.32', to: '1.35' },
  '3.32': { from: '1.34', to: '1.36' },
};

/** Kubernetes that each line of Istio supports, of those that Dikastes can be injected by. */
export const kubernetesOfIstio: Record<string, Range> = {
  '1.15': { from: '1.22', to: '1.25' },
  '1.22': { from: '1.27', to: '1.30' },
  '1.23': { from: '1.27', to: '1.30' },
  '1.24': { from: '1.28', to: '1.31' },
  '1.25': { from: '1.29', to: '1.32' },
  '1.26': { from: '1.29', to: '1.33' },
  '1.27': { from: '1.29', to: '1.33' },
  '1.28': { from: '1.30', to: '1.34' },
  '1.29': { from: '1.31', to: '1.35' },
  '1.30': { from: '1.32', to: '1.36' },
};

/** Istio 1.15 takes Calico's patched configuration of the injector, which every release of Calico fits. */
export const legacyIstio = '1.15';

/** The first line of Calico that documents templates for Istio 1.22 and later. */
export const templatesSince = '3.29';

/** The first release of kind with a default node image of the line of Kubernetes, or of a later one. */
export const kindOfKubernetes: Record<string, string> = {
  '1.22': '0.12.0',
  '1.23': '0.12.0',
  '1.24': '0.13.0',
  '1.25': '0.15.0',
  '1.26': '0.18.0',
  '1.27': '0.19.0',
  '1.28': '0.21.0',
  '1.29': '0.21.0',
  '1.30': '0.23.0',
  '1.31': '0.24.0',
  '1.32': '0.26.0',
  '1.33': '0.28.0',
  '1.34': '0.30.0',
  '1.35': '0.31.0',
  '1.36': '0.32.0',
  '1.37': '0.33.0',
};

/** The first line of Calico that serves its v3 API from custom resource definitions. */
export const nativeCrdsSince = '3.32';

/** The first line of Calico whose Felix programs nftables. */
export const nftablesSince = '3.29';

/** Lines of Calico whose Dikastes decides nothing; whoever looks for versions that go together wants none of them. */
export const undecided = ['3.30', '3.31'];

/**
 * Whether Calico's API server refuses a server-side apply that is to create a policy, with 404: 3.32.0 looks for the
 * policy's tier in the one that is not there yet (projectcalico/calico#12841; mended in 3.32.1 by #12906). Native
 * CRDs are served by Kubernetes itself.
 */
export function refusesApply(calico: string, api: string): boolean {
  return api === 'api server' && /^v?3\.32\.0$/.test(calico);
}
