import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { wholeName } from './image-name.ts';

/** The images that objects make pods run, by their whole names: of pod templates, and of Istio's injector. */
export function imagesOf(objects: readonly KubeObject[]): string[] {
  const images = objects.flatMap((object) => [...podSpecs(object).flatMap(imagesOfPod), ...injected(object)]);
  return [...new Set(images.map(wholeName))].sort();
}

/** The images that a pod runs, as it names them; none of those that the injector is still to fill in. */
export function imagesOfPod({ initContainers = [], containers = [] }: PodSpec): string[] {
  return [...initContainers, ...containers]
    .map(({ image }) => image)
    .filter((image = '') => image !== '' && image !== 'auto') as string[];
}

export interface PodSpec {
  initContainers?: { image?: string }[];
  containers?: { image?: string }[];
}

interface Templated {
  template?: { spec?: PodSpec };
  jobTemplate?: { spec?: Templated };
}

function podSpecs({ kind, spec }: KubeObject): PodSpec[] {
  if (typeof spec !== 'object' || spec === null) return [];
  if (kind === 'Pod') return [spec];
  const { template, jobTemplate } = spec as Templated;
  const found = template?.spec ?? jobTemplate?.spec?.template?.spec;
  return found?.containers === undefined ? [] : [found];
}

/** The image that Istio's injector makes a sidecar of: its configuration has only the parts of the name. */
function injected({ kind, metadata, data }: KubeObject): string[] {
  const values = (data as { values?: string } | undefined)?.values;
  if (kind !== 'ConfigMap' || values === undefined || !metadata.name.startsWith('istio-sidecar-injector')) {
    return [];
  }
  const { global } = JSON.parse(values) as {
    global?: { hub?: string; tag?: string; variant?: string; proxy?: { image?: string } };
  };
  const { hub, tag, variant = '', proxy: { image } = {} } = global ?? {};
  if (image === undefined) return [];
  if (image.includes('/')) return [image];
  return [`${hub}/${image}:${tag}${variant === '' || variant === 'default' ? '' : `-${variant}`}`];
}
