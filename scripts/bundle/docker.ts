import { execa } from 'execa';
import { BundleError } from './bundle-error.ts';
import { parseImage, tagOf } from './image-name.ts';

/** Why no image can be pulled, and what to do; undefined when Docker is there and answers. */
export async function whyNoDocker(signal: AbortSignal): Promise<string | undefined> {
  const { failed, code, stderr } = await docker(['version', '--format', '{{.Server.Version}}'], signal);
  if (!failed) return undefined;
  if (code === 'ENOENT') return 'there is no docker on your PATH: install it';
  return `Docker does not answer (${lastLine(stderr)}): start it`;
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
  { from = image, signal }: { from?: string; signal: AbortSignal },
): Promise<void> {
  const pulled = await docker(['pull', '--quiet', from], signal);
  if (pulled.failed) throw new BundleError(`${from}: ${lastLine(pulled.stderr)}`);
  const tag = tagOf(image);
  // What is pulled by its digest has no tag, and without one an archive has no name for it.
  if (from !== tag)
    await must(['tag', parseImage(from).digest === undefined ? from : untagged(from), tag], signal);
  await must(['save', '--output', file, tag], signal);
}

/** An image by its digest alone: not every docker takes a name with both. */
function untagged(name: string): string {
  const { registry, repository, digest } = parseImage(name);
  return `${registry}/${repository}@${digest}`;
}

async function must(args: string[], signal: AbortSignal): Promise<void> {
  const { failed, stderr } = await docker(args, signal);
  if (failed) throw new BundleError(`docker ${args.join(' ')}: ${lastLine(stderr)}`);
}

async function docker(args: string[], signal: AbortSignal) {
  const result = await execa('docker', args, { reject: false, stdin: 'ignore', cancelSignal: signal });
  signal.throwIfAborted();
  return result;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it does not say why';
}
