import { execa } from 'execa';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { objectsIn } from '../lib/objects-in.ts';
import { BundleError } from './bundle-error.ts';

/** The objects that `istioctl install` would apply, with the default profile and the person's own arguments. */
export async function renderIstio(istioctl: string, args: readonly string[]): Promise<KubeObject[]> {
  const { stdout, stderr, failed, shortMessage } = await execa(
    istioctl,
    ['manifest', 'generate', '--set', 'profile=default', ...args],
    { reject: false, stdin: 'ignore', timeout: 120_000 },
  );
  if (!failed) return objectsIn(stdout);
  throw new BundleError(
    `istioctl could not render its manifest: ${stderr.trim().split('\n').at(-1) || shortMessage}`,
  );
}
