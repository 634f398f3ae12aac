import { InvalidArgumentError, Option } from 'commander';

/**
 * Options that more than one verb takes, each defined once. Those that mean something else to whoever makes a bundle
 * may be described otherwise.
 */
export const shared = {
  lane: (description = 'kind: the versions to run on, as `npm run lanes` shows them (default: current)') =>
    new Option('--lane <name>', description),
  bundle: () => new Option('--bundle <folder>', 'kind: take everything from what `npm run bundle` has made'),
  registry: (description = 'kind: look for all images in this registry first, by their own paths there') =>
    new Option('--registry <host>', description).argParser(registry),
  nodeImage: (description = 'kind: nodes of another patch of Kubernetes, such as kindest/node:v1.34.4') =>
    new Option('--node-image <image>', description),
  kind: () => new Option('--kind <file>', 'kind: the kind to use (default: the one found, or downloaded)'),
  kubeconfig: () =>
    new Option('--kubeconfig <file>', 'kubeconfig of the cluster (default: $KUBECONFIG or ~/.kube/config)'),
  context: () =>
    new Option(
      '--context <name>',
      'context in it; always to be named, so that no run hits the wrong cluster',
    ),
  ingress: () =>
    new Option(
      '--ingress <url>',
      'where the gateway is reached from here: http://HOST:PORT; kind: where it shall be reached',
    ).argParser(url),
  gateway: () =>
    new Option(
      '--gateway <namespace/name>',
      'the Service of the gateway that the shop shall be reached by (default: the one found)',
    ).argParser(namespacedName),
  revision: () =>
    new Option(
      '--revision <name>',
      'the revision or tag of Istio that shall bring the sidecars (default: the default one)',
    ),
  istioctl: () =>
    new Option(
      '--istioctl <file>',
      'the istioctl to install Istio with, where there is none (default: from PATH)',
    ),
  dikastesImage: (description = "Dikastes' image (default: the one of the cluster's Calico release)") =>
    new Option('--dikastes-image <image>', description),
  agentImage: (
    description = 'an image with Node 24 for the probing pods (default: the one in versions.yaml, or the bundle)',
  ) => new Option('--agent-image <image>', description),
  pullSecret: () =>
    new Option(
      '--pull-secret <namespace/name>',
      'the Secret of the cluster that these images are pulled with; it is copied for the run',
    ).argParser(namespacedName),
  meshCa: () =>
    new Option(
      '--mesh-ca',
      "prove what takes certificates of the mesh: its key is read from its Secret, and signs for this run's own pods",
    ),
  browser: () => new Option('--browser <file>', 'the Chrome or Chromium to use (default: the one found)'),
};

/** Why these two make no sense beside each other. */
export const bundleHasNode =
  'A bundle has its own node image, so that --node-image has no say: leave one out.';

function url(value: string): string {
  if (!URL.canParse(value) || new URL(value).protocol !== 'http:') {
    throw new InvalidArgumentError('It must be like http://192.0.2.1:30080.');
  }
  return value;
}

function registry(value: string): string {
  if (!/^(https?:\/\/)?[\w.-]+(:\d+)?\/?$/.test(value)) {
    throw new InvalidArgumentError('It must be like registry.example:5000, or with http:// before it.');
  }
  return value.replace(/\/$/, '');
}

function namespacedName(value: string): string {
  if (!/^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(value)) {
    throw new InvalidArgumentError('It must be NAMESPACE/NAME.');
  }
  return value;
}
