import { join } from 'node:path';
import { sha256OfFile } from '../downloads/sha256.ts';
import { BundleError } from './bundle-error.ts';
import { copyAndHash } from './copy.ts';
import { pullAndSave, whyNoDocker } from './docker.ts';
import { inRegistry, parseImage, tagOf } from './image-name.ts';

/** An image and the archive it is in, within the bundle. */
export interface Collected {
  image: string;
  file: string;
  sha256: string;
}

export interface CollectOptions {
  /** Archives at hand, by the tags they hold. */
  archives: ReadonlyMap<string, string>;
  /** A registry that mirrors all others. */
  registry?: string | undefined;
  tell: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Puts images into the bundle's folder: from archives at hand, else pulled and saved.
 *
 * @throws BundleError naming every image that cannot be had.
 */
export async function collectImages(
  images: readonly string[],
  folder: string,
  { archives, registry, tell, signal }: CollectOptions,
): Promise<Collected[]> {
  const missing = images.filter((image) => !archives.has(tagOf(image)));
  if (missing.length > 0) {
    const why = await whyNoDocker({ signal });
    if (why !== undefined) throw new BundleError(cannotPull(missing, archives, why));
  }
  const copied = new Map<string, Omit<Collected, 'image'>>();
  const collected: Collected[] = [];
  const failures: string[] = [];
  for (const image of images) {
    const file = join('images', `${tagOf(image).replaceAll(/[^\w.-]+/g, '_')}.tar`);
    const archive = archives.get(tagOf(image));
    try {
      if (archive === undefined) {
        tell(`pulling ${image}`);
        const from = registry === undefined ? image : inRegistry(registry, image);
        await pullAndSave(image, join(folder, file), { from, signal });
        collected.push({ image, file, sha256: await sha256OfFile(join(folder, file)) });
      } else {
        const known = copied.get(archive);
        if (known === undefined) tell(`copying ${image}`);
        const held = known ?? { file, sha256: await copyAndHash(archive, join(folder, file), signal) };
        copied.set(archive, held);
        collected.push({ image, ...held });
      }
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) {
    throw new BundleError(
      `Images could not be had: ${failures.join('; ')}. Look for a way to their registries, or give archives of them with --from-archives.`,
    );
  }
  return collected;
}

function cannotPull(missing: readonly string[], archives: ReadonlyMap<string, string>, why: string): string {
  if (archives.size === 0)
    return `Images cannot be pulled: ${why}, or give archives of them with --from-archives.`;
  const nodes = [...archives.keys()].filter((image) => parseImage(image).repository === 'kindest/node');
  const other = missing.some((image) => parseImage(image).repository === 'kindest/node')
    ? nodes[0]
    : undefined;
  return [
    `No archive holds ${missing.join(', ')}, and ${why}, or add archives of them.`,
    ...(other === undefined ? [] : [`An archive holds ${other}, which --node-image takes.`]),
  ].join(' ');
}
