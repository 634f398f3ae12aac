/** A file cannot be had, or is not the pinned one; the message says what to do. */
export class PinnedFileError extends Error {
  override name = 'PinnedFileError';
}
