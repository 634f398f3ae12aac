import { UsageError } from '../../../fixtures/usage-error.ts';
import { cacheManifests } from '../../bundle/cache-manifests.ts';
import { wholeName } from '../../bundle/image-name.ts';
import { withNode } from '../../bundle/make-bundle.ts';
import { type Bundle, readBundle } from '../../bundle/read-bundle.ts';
import { checkLane } from '../../lanes/check-lane.ts';
import { type Lane, laneNamed } from '../../lanes/lane.ts';
import type { Options } from '../../lib/options.ts';
import { findTool, versionOf } from '../../tools/find-tool.ts';
import { ToolError } from '../../tools/tool-error.ts';
import { type ToolName, tools } from '../../tools/tools.ts';

/** What of the options a kind cluster goes by. */
export type KindOptions = Pick<
  Options,
  | 'lane'
  | 'bundle'
  | 'registry'
  | 'nodeImage'
  | 'kind'
  | 'istioctl'
  | 'istioArg'
  | 'ingress'
  | 'boutique'
  | 'keep'
  | 'agentImage'
  | 'dikastesImage'
>;

/**
 * The lane that was asked for.
 *
 * @throws UsageError when there is none, or its versions do not go together.
 */
export function laneAsked({
  lane: name = 'current',
  nodeImage,
}: Pick<KindOptions, 'lane' | 'nodeImage'>): Lane {
  const lane = withNode(laneNamed(name), nodeImage);
  const problems = checkLane(lane);
  if (problems.length > 0) throw new UsageError(`Lane ${lane.name}: ${problems.join(' ')}`);
  return lane;
}

/**
 * The bundle that a person has named, checked, and nothing done with it yet.
 *
 * @throws BundleError when it is none for the lane; UsageError when they have also named an image that is not in it.
 */
export async function bundleAsked(
  lane: Lane,
  options: Pick<KindOptions, 'bundle' | 'agentImage' | 'dikastesImage'>,
): Promise<Bundle | undefined> {
  if (options.bundle === undefined) return undefined;
  const bundle = await readBundle(options.bundle, lane);
  const held = new Set(bundle.archives.flatMap(({ images }) => images.map(wholeName)));
  for (const image of [options.agentImage, options.dikastesImage]) {
    if (image === undefined || held.has(wholeName(image))) continue;
    throw new UsageError(
      `The image ${image} is not in the bundle ${bundle.folder}: leave it out, or give \`npm run bundle\` the same option.`,
    );
  }
  return bundle;
}

/**
 * The bundle that a person has named, with its manifests where every step looks for them.
 *
 * @throws as `bundleAsked` does.
 */
export async function bundleFor(lane: Lane, options: KindOptions): Promise<Bundle | undefined> {
  const bundle = await bundleAsked(lane, options);
  if (bundle !== undefined) cacheManifests(bundle);
  return bundle;
}

/**
 * A program of the lane's version.
 *
 * @param given the person's own.
 * @throws ToolError when it cannot be had; UsageError when the person's own is of another version.
 */
export async function programFor(
  name: ToolName,
  version: string,
  given: string | undefined,
  bundle: Bundle | undefined,
): Promise<string> {
  if (given === undefined) return (await findTool(name, version, { bundle })).path;
  await checkGiven(name, version, given);
  return given;
}

/**
 * Looks whether a person's own program is of the lane's version.
 *
 * @throws ToolError when it is no such program; UsageError when it is of another version.
 */
export async function checkGiven(name: ToolName, version: string, given: string): Promise<void> {
  const has = await versionOf(name, given);
  if (has === undefined) {
    throw new ToolError(`--${name} ${given} is no ${name} that says its version`, 'name another one');
  }
  if (tools[name].fits(has, version)) return;
  throw new UsageError(
    `--${name} ${given} is ${has}, and the lane has ${version}: leave it out, or name another lane.`,
  );
}

/** A lane in a few words. */
export function aboutLane({ name, kubernetes, calico, istio }: Lane): string {
  return `lane ${name}, Kubernetes ${kubernetes}, Calico ${calico}, Istio ${istio}`;
}
