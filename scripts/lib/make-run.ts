import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dikastesImageOf } from '../../fixtures/injector/ask.ts';
import type { Fingerprint, Run } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { pinnedVersions } from '../lanes/versions-file.ts';
import type { Inspection } from '../targets/inspect.ts';
import { UnfitError } from '../targets/preflight.ts';
import type { Target } from '../targets/target.ts';
import { isExecutable } from './is-executable.ts';
import type { Options } from './options.ts';
import { projectRoot } from './project-root.ts';
import { suiteRevision } from './suite.ts';

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
  { versions, means }: Pick<Inspection, 'versions' | 'means'>,
  fingerprint: Fingerprint,
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
    seed: options.seed,
    agentImage: options.agentImage ?? pinnedVersions().agent,
    istioInstallArgs: options.istioArg,
    versions: { ...versions, boutique: pinnedVersions().boutique.version },
    calicoApi: means.api,
    fingerprint,
    ...(target.kubeconfig !== undefined && { kubeconfig: resolve(target.kubeconfig) }),
    ...(options.ingress !== undefined && { ingress: options.ingress }),
    ...(options.gateway !== undefined && { gateway: options.gateway }),
    ...(options.revision !== undefined && { revision: options.revision }),
    ...(options.pullSecret !== undefined && { pullSecret: options.pullSecret }),
    ...(options.boutique !== undefined && { boutique: options.boutique }),
    ...(options.istioctl !== undefined && { istioctl: options.istioctl }),
    ...(options.dikastesImage !== undefined && { dikastesImage: options.dikastesImage }),
    ...(browser !== undefined && { browser }),
  };
}

/** What tells this cluster, as it is now and for this suite, from any other. */
export async function fingerprintOf(
  { versions, means, uid, nodeNames }: Inspection,
  { dikastesImage }: Pick<Options, 'dikastesImage'>,
): Promise<Fingerprint> {
  const all = { ...versions, boutique: pinnedVersions().boutique.version };
  return {
    ...all,
    dikastesImage: dikastesImageOf({ versions: all, ...(dikastesImage !== undefined && { dikastesImage }) }),
    calicoApi: means.api,
    // A cluster that does not tell is never the same as another.
    cluster: uid ?? `unknown ${randomBytes(8).toString('hex')}`,
    nodes: nodeNames,
    suite: await suiteRevision(),
  };
}

/** What a person named must be there before anything is changed. */
export function checkFiles({
  browser,
  boutique,
  output,
}: Pick<Options, 'browser' | 'boutique' | 'output'>): void {
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
