import { isMap, parseDocument } from 'yaml';
import { UsageError } from '../../fixtures/usage-error.ts';
import { checkLane } from './check-lane.ts';
import { laneNamed } from './lane.ts';
import { laneSchema, parseVersions } from './versions-file.ts';

/**
 * The text of `versions.yaml` with other values in a lane; all else, comments too, stays as it is. Another
 * Kubernetes takes the node image along, whose digest nobody has computed then, and the other way round.
 *
 * @throws UsageError when there is no such lane or field, or the versions would not go together.
 */
export function setInLane(text: string, lane: string, values: Record<string, string>): string {
  const before = laneNamed(lane, parseVersions(text));
  const unknown = Object.keys(values).find((field) => !(field in laneSchema.shape));
  if (unknown !== undefined) {
    const fields = Object.keys(laneSchema.shape).join(', ');
    throw new UsageError(`A lane has no field ${unknown}: take one of ${fields}.`);
  }
  const document = parseDocument(text);
  for (const [field, value] of Object.entries(withNode(values, before.node))) {
    document.setIn(['lanes', lane, field], value);
  }
  const edited = document.toString({ lineWidth: 0 });
  const problems = checkLane(laneNamed(lane, sound(edited)));
  if (problems.length > 0) throw new UsageError(`Nothing was changed. ${problems.join(' ')}`);
  return edited;
}

function withNode(values: Record<string, string>, node: string): Record<string, string> {
  const { kubernetes, node: given } = values;
  const tag = given === undefined ? undefined : /:([^:@]+)(?:@|$)/.exec(given)?.[1];
  return {
    ...(kubernetes !== undefined && { node: `${node.replace(/:[^:/]+(@.*)?$/, '')}:${kubernetes}` }),
    ...(tag !== undefined && { kubernetes: tag }),
    ...values,
  };
}

function sound(text: string) {
  try {
    return parseVersions(text);
  } catch (error) {
    throw new UsageError(`Nothing was changed. ${(error as Error).message}`);
  }
}

/**
 * The text of `versions.yaml` with a digest added or replaced.
 *
 * @param place as `placeOf` reads it: below `tools` or `manifests`.
 */
export function setDigest(text: string, place: readonly string[], digest: string): string {
  const document = parseDocument(text);
  document.setIn(place, digest);
  // What was empty was written `{}`, and would go on in one line.
  for (const depth of place.keys()) {
    const parent = document.getIn(place.slice(0, depth));
    if (isMap(parent)) parent.flow = false;
  }
  const edited = document.toString({ lineWidth: 0 });
  sound(edited);
  return edited;
}

/**
 * Where in `versions.yaml` the digest of a download belongs, by its name: `istioctl-1.28.10-linux-amd64.tar.gz`,
 * `kind/v0.33.0/kind-linux-amd64`, `calico/v3.32.1/manifests/calico.yaml`. Undefined when the name does not say.
 */
export function placeOf(file: string): string[] | undefined {
  const name = file.replaceAll('\\', '/');
  const istioctl =
    /(?:^|\/)istioctl-(\d+\.\d+\.\d+[\w.]*(?:-(?:alpha|beta|rc)\.\d+)?)-([a-z]+(?:-[a-z0-9]+)?)\.tar\.gz$/.exec(
      name,
    );
  if (istioctl !== null) return ['tools', 'istioctl', istioctl[1]!, ourPlatform(istioctl[2]!)];
  const kind = /(?:^|\/)(v\d+\.\d+\.\d+)\/kind-([a-z]+-[a-z0-9]+)$/.exec(name);
  if (kind !== null) return ['tools', 'kind', kind[1]!, kind[2]!];
  const calico = /(?:^|\/)(v\d+\.\d+\.\d+)\/(manifests\/.+\.yaml)$/.exec(name);
  if (calico !== null) return ['manifests', 'calico', calico[1]!, calico[2]!];
  return undefined;
}

function ourPlatform(istios: string): string {
  return istios.startsWith('osx')
    ? istios === 'osx'
      ? 'darwin-amd64'
      : istios.replace('osx', 'darwin')
    : istios;
}
