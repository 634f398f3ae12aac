import { isLegacy } from '../../fixtures/injector/ask.ts';
import type { Lane } from '../lanes/lane.ts';
import { compareLines, lineOf } from '../lanes/line.ts';
import { pinnedVersions, type Versions } from '../lanes/versions-file.ts';
import { pinnedFile, type Wanted } from './pinned-file.ts';

/** A folder of files that were put together beforehand; see `scripts/bundle`. */
export interface ManifestSource {
  /** The file of a path in Calico's repository, if it is there. */
  manifest: (path: string) => string | undefined;
}

type LaneOfCalico = Pick<Lane, 'calico' | 'istio' | 'api' | 'install'>;

/** Calico's patched configuration of the injector, which Istio 1.15 takes. */
export const legacyInjectorPath = 'manifests/alp/istio-inject-configmap-1.15.yaml';

/** The first line of Calico whose operator comes without its resource definitions. */
const operatorCrdsApartSince = '3.30';

/** The manifests of Calico that installing a lane takes, in the order to apply them, by their path in its repository. */
export function installedManifests({
  calico,
  api,
  install,
}: Pick<Lane, 'calico' | 'api' | 'install'>): string[] {
  const native = api === 'native crds';
  if (install === 'operator') {
    const apart = compareLines(lineOf(calico), operatorCrdsApartSince) >= 0;
    return [
      ...(native ? ['manifests/v3_projectcalico_org.yaml'] : apart ? ['manifests/operator-crds.yaml'] : []),
      'manifests/tigera-operator.yaml',
      'manifests/custom-resources.yaml',
    ];
  }
  return [
    ...(native ? ['manifests/calico-v3-crds.yaml'] : ['manifests/calico.yaml', 'manifests/apiserver.yaml']),
    // The operator brings the driver along.
    'manifests/csi-driver.yaml',
  ];
}

/** One of Calico's files that a lane needs. */
export interface Manifest {
  release: string;
  path: string;
  url: string;
  /** Undefined where nobody has computed one. */
  sha256: string | undefined;
}

/** Every file of Calico that a lane needs, also those for the injector. */
export function manifestsOf(lane: LaneOfCalico, versions: Versions = pinnedVersions()): Manifest[] {
  return [
    ...installedManifests(lane).map((path) => manifestAt(lane.calico, path, versions)),
    ...(isLegacy(lane.istio) ? [manifestAt(lane.calico, legacyInjectorPath, versions)] : []),
  ];
}

/** A file of Calico's repository as it is tagged, with the digest that is pinned for it. */
export function manifestAt(calico: string, path: string, versions: Versions = pinnedVersions()): Manifest {
  const { legacyInjector, manifests } = versions;
  // Releases before the first that ships the injector's configuration take that one's.
  const release = path === legacyInjectorPath && !(calico in legacyInjector) ? firstWithInjector : calico;
  const sha256 = path === legacyInjectorPath ? legacyInjector[release] : manifests.calico[release]?.[path];
  const url = `https://raw.githubusercontent.com/projectcalico/calico/${release}/${path}`;
  return { release, path, url, sha256 };
}

const firstWithInjector = 'v3.25.2';

/**
 * The text of one of Calico's files at a lane's release: from the bundle, else the cache, else downloaded.
 *
 * @param path in Calico's repository: `manifests/calico.yaml`.
 * @throws PinnedFileError when it cannot be had, or is not the pinned one.
 */
export async function manifestOf(
  lane: Pick<Lane, 'calico'>,
  path: string,
  { bundle, advice, cache }: { bundle?: ManifestSource | undefined } & Pick<Wanted, 'cache' | 'advice'> = {},
): Promise<string> {
  const { release, url, sha256 } = manifestAt(lane.calico, path);
  return pinnedFile(`Calico's ${path} of ${release}`, {
    url,
    sha256,
    given: bundle?.manifest(path),
    offline: bundle !== undefined,
    advice: bundle === undefined ? advice : 'make the bundle again',
    cache,
  });
}
