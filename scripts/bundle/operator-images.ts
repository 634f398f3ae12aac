import semver from 'semver';
import type { Lane } from '../lanes/lane.ts';

/**
 * What Calico's operator runs for an Installation and an APIServer (tigera/operator, pkg/components and pkg/render):
 * it names these images itself, no manifest does. Not among them is what Goldmane and Whisker take.
 */
export function operatorImages({ calico, api }: Pick<Lane, 'calico' | 'api'>): string[] {
  const registry = semver.gte(calico, quaySince) ? 'quay.io' : 'docker.io';
  const served = api === 'native crds' ? 'webhooks' : 'apiserver';
  return [...components, served].map((name) => `${registry}/calico/${name}:${calico}`);
}

const components = [
  'cni',
  'csi',
  'kube-controllers',
  'node',
  'node-driver-registrar',
  'pod2daemon-flexvol',
  'typha',
];

/** The first release whose operator (1.38.7) takes Calico's images from quay.io. */
const quaySince = '3.30.4';
