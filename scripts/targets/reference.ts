import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { ReferenceOptions, ReferenceReady } from '../../reference/main.ts';
import { projectRoot } from '../lib/project-root.ts';
import { UnfitError } from './preflight.ts';
import type { Target } from './target.ts';

/** A reference mesh of one's own. */
export interface ReferenceTarget extends Target {
  kubeconfig: string;
  about: string;
  lost: AbortSignal;
  /** Ends it without ceremony. */
  kill: () => void;
}

/** What a reference mesh is started with. */
export interface ReferenceSettings {
  /** Where its kubeconfig is kept while it runs. */
  folder: string;
  calico?: string | undefined;
  /** A file for the audit log of its API server, which is begun anew. */
  auditLog?: string | undefined;
}

/**
 * Starts a reference mesh as a process of its own that ends when its input does; so it ends with this process,
 * however that ends.
 *
 * @throws UnfitError with what the process said, when it did not come up.
 */
export async function startReference({
  folder,
  calico,
  auditLog,
}: ReferenceSettings): Promise<ReferenceTarget> {
  mkdirSync(folder, { recursive: true });
  const options: ReferenceOptions = {
    kubeconfig: join(folder, 'kubeconfig'),
    ...(calico !== undefined && { calico }),
    ...(auditLog !== undefined && { auditLog }),
  };
  const child = execa(
    process.execPath,
    [join(projectRoot, 'reference', 'main.ts'), JSON.stringify(options)],
    {
      stdin: 'pipe',
      buffer: { stdout: false },
      reject: false,
      // Away from the terminal's Ctrl-C: the run puts back what it has done before the mesh may end.
      detached: true,
      cleanup: false,
    },
  );
  // It may end while something is being written to it.
  child.stdin.on('error', () => {});
  const [line] = await Promise.race([firstLine(child.stdout), child.then(() => [])]);
  if (line === undefined) throw await ended(child, 'did not start');
  const { context, about } = JSON.parse(line) as ReferenceReady;

  const lost = new AbortController();
  let closing = false;
  void child.then(async () => {
    if (!closing) lost.abort(await ended(child, 'ended unexpectedly'));
  });
  return {
    kind: 'reference',
    kubeconfig: options.kubeconfig,
    context,
    about,
    shared: false,
    lost: lost.signal,
    kill: () => void child.kill('SIGKILL'),
    close: async () => {
      closing = true;
      child.stdin.end();
      await child;
      // It holds a key to what is no longer there.
      rmSync(options.kubeconfig, { force: true });
    },
  };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  return [];
}

async function ended(
  child: PromiseLike<{ exitCode?: number; signal?: string; stderr?: unknown }>,
  how: string,
): Promise<UnfitError> {
  const { exitCode, signal, stderr } = await child;
  const said = String(stderr ?? '').trim();
  const status = exitCode === undefined ? `signal ${signal}` : `status ${exitCode}`;
  return new UnfitError(`The reference mesh ${how} (${status})${said === '' ? '.' : `: ${said}`}`);
}
