import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Run } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { isExecutable } from './browser.ts';
import type { Options } from './options.ts';
import { pinnedVersions, projectRoot } from './pinned.ts';

/**
 * A run's name, and the folder that everything it writes goes to, which is made.
 *
 * @throws UnfitError when this checkout cannot be written to.
 */
export function newRun(): Pick<Run, 'id' | 'folder'> {
  // Letters and digits only: the id becomes part of namespaces and labels.
  const id = `${new Date().toISOString().slice(5, 10).replace('-', '')}${randomBytes(2).toString('hex')}`;
  const folder = join(projectRoot, '.state', 'runs', id);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnfitError(`Runs keep their state in ${folder}, which cannot be made (${code}).`);
  }
  return { id, folder };
}

/** All that the workers of a run need to know of what was asked for. */
export function makeRun(
  { id, folder }: Pick<Run, 'id' | 'folder'>,
  options: Options,
  target: Target,
  versions: { kubernetes: string; calico: string; istio: string },
  selected: string[],
  browser: string | undefined,
): Run {
  return {
    id,
    folder,
    pid: process.pid,
    output: options.output === undefined ? join(folder, 'report') : resolve(options.output),
    target: target.kind,
    context: target.context,
    selected,
    workers: options.workers,
    agentImage: options.agentImage,
    istioInstallArgs: options.istioArg,
    versions: { ...versions, boutique: pinnedVersions().boutique.version },
    ...(target.kubeconfig !== undefined && { kubeconfig: resolve(target.kubeconfig) }),
    ...(options.ingress !== undefined && { ingress: options.ingress }),
    ...(options.boutique !== undefined && { boutique: options.boutique }),
    ...(options.istioctl !== undefined && { istioctl: options.istioctl }),
    ...(options.dikastesImage !== undefined && { dikastesImage: options.dikastesImage }),
    ...(browser !== undefined && { browser }),
  };
}

/** What a person named must be there before anything is changed. */
export function checkFiles({ browser, boutique, output }: Options): void {
  if (browser !== undefined && !isExecutable(browser)) {
    throw new UsageError(`--browser ${browser} is not an executable file.`);
  }
  if (boutique !== undefined && !existsSync(boutique)) {
    throw new UsageError(`--boutique ${boutique} is not a file.`);
  }
  if (output === undefined) return;
  try {
    // Not with its parents: a mistyped path should be told, not made.
    if (!existsSync(output)) mkdirSync(output);
    accessSync(output, constants.W_OK);
    if (statSync(output).isDirectory()) return;
  } catch {
    // Whatever is wrong with it, the sentence is the same.
  }
  throw new UsageError(`--output ${output} is not a folder that can be written to.`);
}
