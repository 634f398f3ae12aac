/** Whether an error was foreseen: its message is a sentence for people, and says what to do. */
export function isForeseen(error: unknown): boolean {
  return error instanceof Error && foreseen.has(error.name);
}

/** By name, so that whoever asks need not load what throws them. */
const foreseen = new Set([
  'UsageError',
  'UnfitError',
  'UnreachableError',
  'UnauthorizedError',
  'ForbiddenError',
  'PinnedFileError',
  'ToolError',
  'BundleError',
  'DikastesError',
]);
