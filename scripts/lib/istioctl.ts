import { execa } from 'execa';
import type { Run } from '../../fixtures/run.ts';
import { versionOf } from '../tools/find-tool.ts';

/** Runs `istioctl install` with the default profile and the person's own arguments. */
export async function installIstio(run: Run): Promise<void> {
  await istioctl(run, installArguments(run));
}

/** What istioctl is told to install Istio: the default profile, and the person's own arguments last. */
export function installArguments({
  revision,
  istioInstallArgs,
}: Pick<Run, 'revision' | 'istioInstallArgs'>): string[] {
  const named = revision === undefined ? [] : ['--revision', revision];
  return ['install', '-y', '--set', 'profile=default', ...named, ...istioInstallArgs];
}

/** What tells istioctl which cluster is meant. */
export function whereArguments({ kubeconfig, context }: Pick<Run, 'kubeconfig' | 'context'>): string[] {
  return [...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]), '--context', context];
}

/** Takes out what `installIstio` brought in. */
export async function uninstallIstio(run: Run): Promise<void> {
  await istioctl(run, ['uninstall', '-y', '--purge']);
}

/** The version of the istioctl that a run would use, or undefined when there is none. */
export async function istioctlVersion(command: string | undefined): Promise<string | undefined> {
  return versionOf('istioctl', command ?? 'istioctl');
}

async function istioctl(run: Run, args: string[]): Promise<void> {
  const command = run.istioctl ?? 'istioctl';
  const { exitCode, stderr, stdout, shortMessage } = await execa(command, [...args, ...whereArguments(run)], {
    reject: false,
    timeout: 600_000,
  });
  if (exitCode !== 0) {
    const last = (stderr || stdout || shortMessage || '').trim().split('\n').slice(-5).join('\n');
    throw new Error(`${command} ${args[0]} failed (status ${exitCode ?? 'none'}): ${last}`);
  }
}
