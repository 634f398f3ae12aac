import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../fixtures/usage-error.ts';
import { readRelease } from './lib/options.ts';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';
import { type ReferenceSettings, startReference } from './targets/reference.ts';

const usage = `npm run reference [-- --calico VERSION] [--audit-log FILE]

Starts a reference mesh and keeps it until Ctrl-C, for kubectl, a browser, and for writing specs.
  --calico VERSION  break what this release of Calico is known to break
  --audit-log FILE  write what is asked of its API server there, as Kubernetes does (audit.k8s.io/v1, a line each)`;

await verb(async (signal) => {
  const options = readArguments();
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
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

/** Undefined when help was asked for. */
function readArguments(): Pick<ReferenceSettings, 'calico' | 'auditLog'> | undefined {
  try {
    const options = {
      calico: { type: 'string' },
      'audit-log': { type: 'string' },
      help: { type: 'boolean' },
    } as const;
    const { calico, help, 'audit-log': auditLog } = parseArgs({ options }).values;
    if (help) return undefined;
    return {
      ...(calico !== undefined && { calico: readRelease(calico) }),
      // npm runs a script in the project's folder, but a person names files from where they stand.
      ...(auditLog !== undefined && { auditLog: resolve(process.env.INIT_CWD ?? process.cwd(), auditLog) }),
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (see --help)`);
  }
}
