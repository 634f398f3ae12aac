/** Something about the cluster or this machine keeps a run from being made; nothing was changed. Exit status 3. */
export class UnfitError extends Error {
  override name = 'UnfitError';
}
