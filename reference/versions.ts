/** The releases whose interfaces the reference mesh models, and which it therefore names. */
export const versions = {
  kubernetes: 'v1.34.4',
  calico: 'v3.32.1',
  istio: '1.28.10',
  boutique: 'v0.10.6',
} as const;

/** What its nodes say they run: by it a report knows that it speaks of no real cluster. */
export const systemImage = 'alp-conformance reference mesh';

/** Calico has its v3 API as custom resources from this release on; before that, by its own API server. */
export const nativeCrdsSince = '3.32.0';
