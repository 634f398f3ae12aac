import { chmodSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../../fixtures/usage-error.ts';
import { manifestsOf } from '../downloads/manifests.ts';
import { pinnedFile } from '../downloads/pinned-file.ts';
import { sha256 } from '../downloads/sha256.ts';
import { checkLane } from '../lanes/check-lane.ts';
import type { Lane } from '../lanes/lane.ts';
import { pinnedVersions } from '../lanes/versions-file.ts';
import { objectsIn } from '../lib/objects-in.ts';
import { objectsOf } from '../runbook/microservices-demo.ts';
import { findTool } from '../tools/find-tool.ts';
import { platformHere } from '../tools/platform.ts';
import type { ToolName } from '../tools/tools.ts';
import { archivesIn } from './archives.ts';
import { BundleError } from './bundle-error.ts';
import type { BundleDescription } from './bundle-file.ts';
import { collectImages } from './collect-images.ts';
import { copyAndHash } from './copy.ts';
import { finishFolder, openFolder } from './folder.ts';
import { filesByDigest } from './given-files.ts';
import { parseImage, tagOf } from './image-name.ts';
import { imagesOfLane } from './lane-images.ts';
import { renderIstio } from './render.ts';

export interface MakeOptions {
  lane: Lane;
  output: string;
  /** A folder of docker archives, which images are taken from first. */
  fromArchives?: string | undefined;
  /** A folder of manifests, which pinned ones are taken from first. */
  manifests?: string | undefined;
  registry?: string | undefined;
  /** A node image in place of the lane's. */
  nodeImage?: string | undefined;
  agentImage?: string | undefined;
  /** An image of Dikastes that runs may name, beside the lane's own. */
  dikastesImage?: string | undefined;
  /** Passed on to istioctl, which renders what has to be in the bundle. */
  istioArg: string[];
  tell: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Makes the bundle of a lane: all that a run on it would otherwise download, in one folder.
 *
 * @throws UsageError when the lane's versions do not go together; BundleError, PinnedFileError or ToolError when
 * something cannot be had. Nothing that is then in the folder passes for a bundle.
 */
export async function makeBundle(options: MakeOptions): Promise<BundleDescription> {
  const { output, fromArchives, tell, signal } = options;
  const lane = withNode(options.lane, options.nodeImage);
  const problems = checkLane(lane);
  if (problems.length > 0) throw new UsageError(`Lane ${lane.name}: ${problems.join(' ')}`);
  openFolder(output);

  const manifests = await manifestsInto(output, lane, options.manifests);
  tell(`${manifests.calico.length + 1} manifests`);
  const tools = [
    await toolInto(output, 'kind', lane.kind, signal),
    await toolInto(output, 'istioctl', lane.istio, signal),
  ];
  tell(tools.map(({ name, version }) => `${name} ${version}`).join(', '));

  const agent = options.agentImage ?? pinnedVersions().agent;
  const images = imagesOfLane({
    lane,
    calico: manifests.calico.flatMap(({ text }) => objectsIn(text)),
    istio: await renderIstio(join(output, 'tools', 'istioctl'), options.istioArg),
    shop: objectsOf(manifests.boutique.text),
    agent,
    dikastes: options.dikastesImage,
  });
  const byDigest = images.filter((image) => parseImage(image).digest !== undefined);
  if (byDigest.length > 0) {
    throw new BundleError(
      `${byDigest.join(', ')}: an archive keeps no digest, so that a cluster would pull what is asked for by one; ask for it by its tag.`,
    );
  }
  const archives = fromArchives === undefined ? new Map<string, string>() : await archivesIn(fromArchives);
  const [node, ...collected] = await collectImages([lane.node, ...images], output, { ...options, archives });

  const { name, ...versions } = lane;
  const description: BundleDescription = {
    format: 1,
    platform: platformHere(),
    lane: { name, ...versions },
    nodeGiven: options.nodeImage !== undefined,
    node: { ...node!, image: tagOf(lane.node) },
    agent,
    images: collected,
    manifests: manifests.calico.map(({ text: _, ...held }) => held),
    boutique: manifests.boutique.held,
    tools,
  };
  finishFolder(output, stringify(description, { lineWidth: 0 }));
  return description;
}

/** A lane on other nodes, whose tag says their Kubernetes. */
export function withNode(lane: Lane, node: string | undefined): Lane {
  if (node === undefined) return lane;
  const { tag } = parseImage(node);
  if (!/^v\d+\.\d+\.\d+/.test(tag ?? '')) {
    throw new UsageError(`--node-image ${node} has no tag that says its Kubernetes, such as :v1.34.3.`);
  }
  return { ...lane, node, kubernetes: tag! };
}

async function manifestsInto(output: string, lane: Lane, folder: string | undefined) {
  const given = folder === undefined ? new Map<string, string>() : filesByDigest(folder);
  const advice = 'download it and name its folder with --manifests';
  const calico = [];
  for (const { path, release, url, sha256: pin } of manifestsOf(lane)) {
    const what = `Calico's ${path} of ${release}`;
    const text = await pinnedFile(what, { url, sha256: pin, given: given.get(pin ?? ''), advice });
    const file = join('manifests', `calico-${release}-${basename(path)}`);
    writeFileSync(join(output, file), text);
    calico.push({ path, release, file, sha256: sha256(text), text });
  }
  const { version, url, sha256: pin } = pinnedVersions().boutique;
  const text = await pinnedFile(`Online Boutique ${version}`, {
    url,
    sha256: pin,
    given: given.get(pin),
    advice,
  });
  const file = join('manifests', `boutique-${version}.yaml`);
  writeFileSync(join(output, file), text);
  return { calico, boutique: { text, held: { version, file, sha256: sha256(text) } } };
}

async function toolInto(output: string, name: ToolName, wanted: string, signal: AbortSignal) {
  const { path, version } = await findTool(name, wanted);
  const file = join('tools', name);
  const digest = await copyAndHash(path, join(output, file), signal);
  chmodSync(join(output, file), 0o755);
  return { name, version, file, sha256: digest };
}
