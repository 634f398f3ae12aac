import { answerBatch, answerBatches } from '../../fixtures/agent/prober.ts';
import { RequestError } from '../../fixtures/agent/requests.ts';
import type { Connect } from '../../fixtures/agent/wire.ts';
import { Connections } from './connections.ts';
import { linesOf } from './lines.ts';
import type { ContainerContext, ExecStreams } from './program.ts';

/** The status that a shell gives a command that was killed. */
const killed = 137;

const answers = { probe: answerBatch, prober: answerBatches };

/**
 * Sends the batches of a command's input over the pod's network.
 *
 * @returns the agent's exit status: 0, or 2 with a sentence on standard error for a line it cannot read; 137 as soon
 *   as the command or its container is stopped, with whatever it had open.
 */
export async function probeFrom(
  { network, signal }: ContainerContext,
  mode: 'probe' | 'prober',
  { stdin, stdout, stderr, signal: gone }: ExecStreams,
): Promise<number> {
  const stopped = AbortSignal.any([signal, gone]);
  if (stopped.aborted) return killed;
  const connections = new Connections(stopped);
  const connect: Connect = ({ host, port }) => connections.add(network.connect({ host, port }));
  const print = async (line: string) => stdout(`${line}\n`);

  const work = answers[mode](linesOf(stdin), { print, connect }).then(
    () => 0,
    (error: Error) => {
      if (!(error instanceof RequestError)) throw error;
      stderr(`${error.message}\n`);
      return 2;
    },
  );
  const { promise: abandoned, resolve } = Promise.withResolvers<number>();
  stopped.addEventListener('abort', () => resolve(killed), { once: true });
  return Promise.race([work, abandoned]);
}
