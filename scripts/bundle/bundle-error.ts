/** A bundle cannot be made or used; the message says why and what to do. */
export class BundleError extends Error {
  override name = 'BundleError';
}
