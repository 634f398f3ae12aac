/** The releases whose interfaces the reference mesh models, and which it therefore names. */
export const versions = {
  kubernetes: 'v1.34.4',
  calico: 'v3.32.1',
  istio: '1.28.10',
  boutique: 'v0.10.6',
} as const;

/** Calico has its v3 API as custom resources from this release on; before that, by its own API server. */
export const nativeCrdsSince = '3.32.0';
