import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { pollFor } from '../../../fixtures/cluster/wait.ts';
import { isAlive } from '../../../fixtures/guest/journal.ts';
import { signalGroup } from '../../lib/signal-group.ts';

/**
 * The programs that a run has under way. One whose run was killed goes on making containers, so whoever cleans up
 * has to end it first.
 */
export class Programs {
  private readonly folder: string;

  /** @param folder the run's. */
  constructor(folder: string) {
    this.folder = join(folder, 'programs');
  }

  /**
   * Notes a process that leads a group.
   *
   * @param mark a word of its command line that tells it from any later process of that number.
   * @returns to be called once it has ended.
   */
  note(pid: number, mark: string): () => void {
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, String(pid));
    writeFileSync(file, mark);
    return () => rmSync(file, { force: true });
  }

  /** Ends what is still under way, and waits until it has ended. */
  async end(): Promise<void> {
    await Promise.all(this.noted().map(endIfThere));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private noted(): { pid: number; mark: string }[] {
    try {
      return readdirSync(this.folder).map((name) => ({
        pid: Number(name),
        mark: readFileSync(join(this.folder, name), 'utf8'),
      }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

async function endIfThere({ pid, mark }: { pid: number; mark: string }): Promise<void> {
  if (!isAlive(pid) || mark === '' || !(await commandLineOf(pid)).includes(mark)) return;
  signalGroup(pid, 'SIGTERM');
  const started = Date.now();
  await pollFor(
    async () => {
      if (Date.now() - started > 5_000) signalGroup(pid, 'SIGKILL');
      return !isAlive(pid);
    },
    { intervalMs: 50, timeoutMs: 20_000, what: `process ${pid} to end` },
  );
}

/** The command line of a process; empty when it cannot be told. */
async function commandLineOf(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // No Linux, or it has ended.
    return (await execa('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { reject: false })).stdout ?? '';
  }
}
