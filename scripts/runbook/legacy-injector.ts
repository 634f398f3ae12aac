import { parse } from 'yaml';
import { pinnedFile, pinnedVersions } from '../lib/pinned.ts';

/**
 * Calico's patched injector configuration, with the image of Dikastes that goes with the cluster's Calico: the
 * shipped file names a floating tag in the early releases, and the wire format between Felix and Dikastes
 * changed in 3.32.
 */
export async function legacyConfig(calico: string, image: string): Promise<string> {
  const { legacyInjector } = pinnedVersions();
  const release = calico in legacyInjector ? calico : 'v3.25.2';
  const text = await pinnedFile(`Calico's injector configuration ${release}`, {
    url: `https://raw.githubusercontent.com/projectcalico/calico/${release}/manifests/alp/istio-inject-configmap-1.15.yaml`,
    sha256: legacyInjector[release] as string,
  });
  const { data } = parse(text) as { data: { config: string } };
  return data.config.replaceAll(/image: \S*\/?calico\/dikastes:\S+/g, `image: ${image}`);
}
