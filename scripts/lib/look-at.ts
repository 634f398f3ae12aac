import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { Requirement } from '../../specs/catalogue.ts';
import { type Selection, select } from '../../specs/selection.ts';
import { inspect } from '../targets/inspect.ts';
import { findBrowser } from './browser.ts';
import { istioctlVersion } from './istioctl.ts';
import { maySign } from './may-sign.ts';
import type { Options } from './options.ts';

/** What of the asked-for requirements a run on a cluster would skip, and why. Nothing is changed. */
export async function lookAt(options: Options, asked: readonly Requirement[]): Promise<Selection['skipped']> {
  const { kubeconfig, context = '', istioctl, browser, install } = options;
  const cluster = Cluster.connect(
    loadKubeConfig({ ...(kubeconfig !== undefined && { kubeconfig }), context }),
  );
  try {
    const inspection = await inspect(cluster, await istioctlVersion(istioctl));
    const { versions, means } = inspection;
    const hasBrowser = install === true || findBrowser(browser) !== undefined;
    const meshAuthority = await maySign(cluster, inspection, options);
    return select(asked, versions, { ...means, browser: hasBrowser, meshAuthority }).skipped;
  } finally {
    await cluster.close();
  }
}
