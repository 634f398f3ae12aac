import { UsageError } from '../../fixtures/usage-error.ts';
import { sentenceFor } from './foreseen.ts';

/**
 * Runs a verb and ends the process with its status. The first Ctrl-C aborts the signal, so that the verb can put
 * the cluster back; a second one ends the process at once.
 */
export async function verb(body: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) {
      process.stderr.write(
        'Stopped at once. If a run was under way, `npm run down` puts back what it has left.\n',
      );
      process.exit(130);
    }
    process.stderr.write('\nStopping (Ctrl-C again stops at once) ...\n');
    abort.abort();
  };
  // Whoever reads the output may stop doing so (`| head`), which is no reason to stop halfway.
  process.stdout.on('error', () => {});
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  try {
    process.exitCode = await body(abort.signal);
  } catch (error) {
    // What an interrupt breaks off fails in many ways, none of which is news.
    process.stderr.write(abort.signal.aborted ? 'Interrupted.\n' : `${sentence(error)}\n`);
    process.exitCode = abort.signal.aborted ? 130 : error instanceof UsageError ? 2 : 3;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Only what was foreseen has a sentence for people; anything else needs its place.
  return sentenceFor(error) ?? error.stack ?? error.message;
}
