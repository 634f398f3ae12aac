import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ManifestSource } from '../downloads/manifests.ts';
import { sha256OfFile } from '../downloads/sha256.ts';
import type { Lane } from '../lanes/lane.ts';
import { lineOf } from '../lanes/line.ts';
import type { ToolSource } from '../tools/find-tool.ts';
import { platformHere } from '../tools/platform.ts';
import { BundleError } from './bundle-error.ts';
import { type BundleDescription, bundleFile, bundleSchema } from './bundle-file.ts';
import { isUnfinished } from './folder.ts';

/** All that a run on a lane needs, at hand and checked. */
export interface Bundle extends ManifestSource, ToolSource {
  folder: string;
  /** The lane as it was bundled; its node image is the bundled one. */
  lane: Lane;
  /** The nodes' own image by its tag, and the docker archive to load it from before any node is made. */
  node: { image: string; archive: string };
  /** The image of the probing pods. */
  agent: string;
  /** Docker archives for the nodes, each with the whole names of the images in it. */
  archives: { archive: string; images: string[] }[];
  /** The file of Online Boutique's manifest. */
  boutique: string;
  description: BundleDescription;
}

/**
 * Opens a bundle for a lane, and checks every file of it.
 *
 * @throws BundleError with one sentence: no bundle, an incomplete one, one of another lane, of other versions or of
 * another platform, or a file that is missing or not what it was.
 */
export async function readBundle(folder: string, lane: Lane, platform = platformHere()): Promise<Bundle> {
  const description = describe(folder);
  const other = whyNotFor(description, lane, platform);
  if (other !== undefined) throw new BundleError(`The bundle in ${folder} ${other}.`);
  const { node, agent, images, manifests, boutique, tools } = description;
  const held = new Map(
    [node, ...images, ...manifests, boutique, ...tools].map(({ file, sha256 }) => [file, sha256]),
  );
  for (const file of held.keys()) {
    if (!existsSync(join(folder, file))) {
      throw new BundleError(`The bundle in ${folder} is incomplete: ${file} is missing; make it again.`);
    }
  }
  for (const [file, wanted] of held) {
    const got = await sha256OfFile(join(folder, file));
    if (got === wanted) continue;
    throw new BundleError(
      `${file} in the bundle ${folder} has SHA-256 ${got}, and not the ${wanted} it was made with; make it again.`,
    );
  }
  const at = (found: { file: string } | undefined) =>
    found === undefined ? undefined : join(folder, found.file);
  return {
    folder,
    lane: { ...description.lane, node: node.image },
    node: { image: node.image, archive: join(folder, node.file) },
    agent,
    archives: [...new Set(images.map(({ file }) => file))].map((file) => ({
      archive: join(folder, file),
      images: images.filter((image) => image.file === file).map(({ image }) => image),
    })),
    boutique: join(folder, boutique.file),
    manifest: (path) => at(manifests.find((manifest) => manifest.path === path)),
    tool: (name) => at(tools.find((tool) => tool.name === name)),
    description,
  };
}

function describe(folder: string): BundleDescription {
  const again = 'run `npm run bundle` again';
  if (isUnfinished(folder)) throw new BundleError(`The bundle in ${folder} was not finished; ${again}.`);
  const file = join(folder, bundleFile);
  if (!existsSync(file)) {
    throw new BundleError(
      `There is no bundle in ${folder}; \`npm run bundle -- --output ${folder}\` makes one.`,
    );
  }
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch {
    throw new BundleError(`${file} cannot be read; ${again}.`);
  }
  const { success, data } = bundleSchema.safeParse(content);
  if (success) return data;
  throw new BundleError(`${file} is not as this version of the suite writes it; ${again}.`);
}

/** Why a bundle is none for a lane on a platform; undefined when it is one. */
function whyNotFor(bundle: BundleDescription, lane: Lane, platform: string): string | undefined {
  if (bundle.lane.name !== lane.name) {
    return `is of the lane ${bundle.lane.name}, and not of ${lane.name}; name that lane, or make another bundle`;
  }
  if (bundle.platform !== platform) return `is for ${bundle.platform}, and this is ${platform}; make it here`;
  // A node image that a person named need only be of the same line.
  const comparable = bundle.nodeGiven
    ? { ...lane, node: bundle.lane.node, kubernetes: ofLine(bundle.lane.kubernetes, lane.kubernetes) }
    : lane;
  const different = Object.entries(comparable).find(
    ([field, value]) => bundle.lane[field as keyof Lane] !== value,
  );
  if (different === undefined) return undefined;
  const [field, value] = different;
  return `has ${field} ${bundle.lane[field as keyof Lane]}, and versions.yaml now has ${value} for ${lane.name}; make it again`;
}

function ofLine(given: string, wanted: string): string {
  return lineOf(given) === lineOf(wanted) ? given : wanted;
}
