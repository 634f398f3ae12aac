import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { ReferenceOptions, ReferenceReady } from '../../reference/main.ts';
import { projectRoot } from '../lib/pinned.ts';
import type { Target } from './target.ts';

/**
 * Starts a reference mesh for one run, as a process of its own that ends when its input does; so it ends with this
 * process, however that ends.
 *
 * @throws with what the process said, when it did not come up.
 */
export async function startReference({
  folder,
  calico,
}: {
  folder: string;
  calico?: string | undefined;
}): Promise<Target> {
  mkdirSync(folder, { recursive: true });
  const options: ReferenceOptions = {
    kubeconfig: join(folder, 'kubeconfig'),
    ...(calico !== undefined && { calico }),
  };
  const child = execa(
    process.execPath,
    [join(projectRoot, 'reference', 'main.ts'), JSON.stringify(options)],
    {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: ['inherit', 'pipe'],
      buffer: { stdout: false },
      reject: false,
      // Away from the terminal's Ctrl-C: the run puts back what it has done before the mesh may end.
      detached: true,
      cleanup: false,
    },
  );
  const [line] = await Promise.race([firstLine(child.stdout), child.then(() => [])]);
  if (line === undefined) {
    const { exitCode, stderr } = await child;
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`The reference mesh did not start (status ${exitCode}): ${String(stderr).trim()}`);
  }
  const { context, about } = JSON.parse(line) as ReferenceReady;
  return {
    kind: 'reference',
    kubeconfig: options.kubeconfig,
    context,
    about: () => about,
    shared: false,
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  return [];
}
