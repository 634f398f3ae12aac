/**
 * Waits for several tasks that go on beside each other. When one fails the others are told to stop, and have stopped
 * when this throws.
 *
 * @param start begins them all; each has to heed the signal it is given.
 * @throws what the first that failed threw, or the signal's reason.
 */
export async function beside(
  signal: AbortSignal,
  start: (signal: AbortSignal) => readonly Promise<unknown>[],
): Promise<void> {
  signal.throwIfAborted();
  const failed = new AbortController();
  const tasks = start(AbortSignal.any([signal, failed.signal])).map((task) =>
    task.catch((error: unknown) => failed.abort(error)),
  );
  await Promise.all(tasks);
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
}
