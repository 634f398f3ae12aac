/**
 * What a person is told of an error that was foreseen: a sentence that says what to do. Undefined for any other,
 * which needs its place in the code to be told.
 */
export function sentenceFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (foreseen.has(error.name)) return error.message;
  const todo = adviceFor(error);
  return todo === undefined ? undefined : `${withoutStop(error.message)}: ${todo}.`;
}

/** What to do about an error whose own message only tells what happened, to be read after a colon. */
export function adviceFor(error: unknown): string | undefined {
  return error instanceof Error ? advice[error.name] : undefined;
}

/** A sentence without its stop, for something to come after it. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

// Both by name, so that whoever asks need not load what throws them.

/** Errors whose messages say what to do themselves. */
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

const advice: Record<string, string> = {
  ApiError: 'find out why the API server answers so',
  WaitError: 'find out what keeps the cluster from it',
};
