import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { badRequest } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { findTarget } from './read.ts';
import { listAt, textAt } from './table/column.ts';

/**
 * The container that a request to a pod is about. The annotation for a default container is kubectl's own business:
 * the API wants a name wherever there are several (kubernetes `pkg/registry/core/pod/strategy.go`).
 *
 * @throws StatusError 404 for no such pod; 400 for no such container, or several to choose from.
 */
export function containerFor(api: Api, target: Target, query: URLSearchParams): string {
  return containerOf(findTarget(api, target), query.get('container'));
}

/** Only where a pod has one container does its name go without saying. */
function containerOf(pod: KubeObject, asked: string | null): string {
  const { name } = pod.metadata;
  const names = (path: string) => listAt(pod, path).map((container) => textAt(container, 'name'));
  const mains = names('spec.containers');
  const inits = names('spec.initContainers');
  if (asked) {
    if ([...mains, ...inits].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only, ...others] = mains;
  if (only !== undefined && others.length === 0) return only;
  const among = `choose one of: [${mains.join(' ')}]`;
  const init = inits.length === 0 ? '' : ` or one of the init containers: [${inits.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${name}, ${among}${init}`);
}
