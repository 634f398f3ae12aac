import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../fixtures/usage-error.ts';
import { readRelease } from './lib/calico-release.ts';
import { parseCommandLine } from './lib/command-line.ts';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';
import { type ReferenceSettings, startReference } from './targets/reference.ts';

await verb(async (signal) => {
  const options = readArguments();
  if (options === undefined) return 0;
  if (options.auditLog !== undefined) beginAnew(options.auditLog);
  // One for each process: several may run beside each other.
  const folder = join(projectRoot, '.state', 'reference', String(process.pid));
  try {
    const target = await startReference({ folder, ...options });
    process.stdout.write(
      [
        `This is ${target.about}.`,
        `  kubectl --kubeconfig '${target.kubeconfig}' get pods -A`,
        `  npm run conformance -- --target existing --kubeconfig '${target.kubeconfig}' --context ${target.context}`,
        'Ctrl-C ends it.',
        '',
      ].join('\n'),
    );
    const end = AbortSignal.any([signal, target.lost]);
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    if (target.lost.aborted) throw target.lost.reason;
    await target.close();
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A file that cannot be written is told before anything is started. */
function beginAnew(file: string): void {
  try {
    writeFileSync(file, '', { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`--audit-log ${file} cannot be written (${code}): name another file.`);
  }
}

/** Undefined when help was asked for and has been printed. */
function readArguments(): Pick<ReferenceSettings, 'calico' | 'auditLog'> | undefined {
  const program = new Command('npm run reference --')
    .description(
      'Starts a reference mesh and keeps it until Ctrl-C, for kubectl, a browser, and for writing specs.',
    )
    .option('--calico <version>', 'break what this release of Calico is known to break', readRelease)
    .option(
      '--audit-log <file>',
      'write what is asked of its API server there, as Kubernetes does (audit.k8s.io/v1, a line each)',
      // npm runs a script in the project's folder, but a person names files from where they stand.
      (file: string) => resolve(process.env.INIT_CWD ?? process.cwd(), file),
    );
  return parseCommandLine(program, process.argv.slice(2)) ? program.opts() : undefined;
}
