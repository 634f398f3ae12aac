import { withoutStop } from '../lib/foreseen.ts';
import { type Engine, lookAtDocker, pullImage, saveImage, tagImage } from '../targets/kind/docker.ts';
import { ProgramError } from '../targets/kind/run-program.ts';
import { BundleError } from './bundle-error.ts';
import { parseImage, tagOf } from './image-name.ts';

/** Why no image can be pulled, and what to do; undefined when Docker is there and answers. */
export async function whyNoDocker(engine: Engine): Promise<string | undefined> {
  const found = await lookAtDocker(engine);
  if (found === 'absent') return 'there is no docker on your PATH: install it';
  return 'silent' in found ? `Docker does not answer (${found.silent}): start it` : undefined;
}

/**
 * Pulls an image and saves it to a docker archive, under its tag.
 *
 * @param from where it is pulled from, when that is not where its name says.
 * @throws BundleError with the reason that docker gave.
 */
export async function pullAndSave(
  image: string,
  file: string,
  { from = image, ...engine }: { from?: string } & Engine,
): Promise<void> {
  const tag = tagOf(image);
  try {
    await pullImage(from, engine);
    // What is pulled by its digest has no tag, and without one an archive has no name for it.
    if (from !== tag) {
      await tagImage(parseImage(from).digest === undefined ? from : untagged(from), tag, engine);
    }
    await saveImage(tag, file, engine);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new BundleError(`${from}: ${withoutStop(error.message.replaceAll(/\s*\n\s*/g, ' '))}`);
  }
}

/** An image by its digest alone: not every docker takes a name with both. */
function untagged(name: string): string {
  const { registry, repository, digest } = parseImage(name);
  return `${registry}/${repository}@${digest}`;
}
