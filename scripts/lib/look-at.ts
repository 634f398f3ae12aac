import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { Requirement } from '../../specs/catalogue.ts';
import { type Selection, select } from '../../specs/selection.ts';
import { whatToSayOf } from '../targets/forbidden.ts';
import { inspect } from '../targets/inspect.ts';
import { findBrowser } from './browser.ts';
import { istioctlVersion } from './istioctl.ts';
import { maySign } from './may-sign.ts';
import type { Options } from './options.ts';

/**
 * What of the asked-for requirements a run on a cluster would skip, and why. Nothing is changed.
 *
 * @throws UnfitError with all that may not be done there, when something may not be read.
 */
export async function lookAt(options: Options, asked: readonly Requirement[]): Promise<Selection['skipped']> {
  const { kubeconfig, context = '', browser, install } = options;
  const cluster = Cluster.connect(
    loadKubeConfig({ ...(kubeconfig !== undefined && { kubeconfig }), context }),
  );
  try {
    const { versions, means } = await look(cluster, options).catch(async (error: unknown) => {
      throw await whatToSayOf(error, cluster, options);
    });
    const hasBrowser = install === true || findBrowser(browser) !== undefined;
    return select(asked, versions, { ...means, browser: hasBrowser }).skipped;
  } finally {
    await cluster.close();
  }
}

async function look(cluster: Cluster, options: Options) {
  const inspection = await inspect(cluster, await istioctlVersion(options.istioctl), options.revision);
  const meshAuthority = await maySign(cluster, inspection, options);
  return { versions: inspection.versions, means: { ...inspection.means, meshAuthority } };
}
