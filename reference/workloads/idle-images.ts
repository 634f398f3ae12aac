import { components } from './shop/components.ts';

/** What comes with Calico, by its manifests or by its operator. */
const calico = [
  'calico/node',
  'calico/cni',
  'calico/kube-controllers',
  'calico/typha',
  'calico/apiserver',
  'calico/webhooks',
  'calico/csi',
  'calico/node-driver-registrar',
  'calico/pod2daemon-flexvol',
  'calico/calico',
  'tigera/operator',
];

/** Istio's control plane. */
const istio = ['istio/pilot'];

/** What every cluster has. */
const kubernetes = [
  'pause',
  'coredns',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
].map((name) => `registry.k8s.io/${name}`);

/** The shop without its front end, which is a program of its own. */
const backEnds = components
  .filter(({ name, image }) => name !== 'frontend' && image === undefined)
  .map(({ name }) => `microservices-demo/${name}`);

/** Images whose containers only have to run: the end of their names, without tag and digest. */
export const idleImages: readonly string[] = [
  ...calico,
  ...istio,
  ...kubernetes,
  'registry.k8s.io/coredns/coredns',
  ...backEnds,
  'redis',
];
