import { InvalidArgumentError, Option } from 'commander';

/** Options that more than one verb takes, each defined once. */
export const shared = {
  lane: () =>
    new Option(
      '--lane <name>',
      'kind: the versions to run on, as `npm run lanes` shows them (default: current)',
    ),
  bundle: () => new Option('--bundle <folder>', 'kind: take everything from what `npm run bundle` has made'),
  nodeImage: () =>
    new Option(
      '--node-image <image>',
      'kind: nodes of another patch of Kubernetes, such as kindest/node:v1.34.4',
    ),
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
  dikastesImage: () =>
    new Option(
      '--dikastes-image <image>',
      "Dikastes' image (default: the one of the cluster's Calico release)",
    ),
  agentImage: () =>
    new Option('--agent-image <image>', 'an image with Node 24 for the probing pods').default(
      'docker.io/library/node:24-alpine',
    ),
  pullSecret: () =>
    new Option(
      '--pull-secret <namespace/name>',
      'the Secret of the cluster that these images are pulled with; it is copied for the run',
    ).argParser(namespacedName),
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

function namespacedName(value: string): string {
  if (!/^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(value)) {
    throw new InvalidArgumentError('It must be NAMESPACE/NAME.');
  }
  return value;
}
