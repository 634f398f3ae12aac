import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { badRequest, invalid } from '../store/status-error.ts';
import { at, numberAt, pairsAt } from './table/column.ts';

/** The `scale` subresource of a workload (autoscaling/v1). */
export function scaleOf(workload: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const selector = at(workload, 'spec.selector.matchLabels');
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: JSON.parse(JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp })),
    spec: { replicas: numberAt(workload, 'spec.replicas', 1) },
    status: {
      replicas: numberAt(workload, 'status.replicas'),
      ...(selector !== undefined && { selector: pairsAt(workload, 'spec.selector.matchLabels') }),
    },
  };
}

/**
 * What a Scale, or a merge patch of one, changes in its workload: a merge patch for the workload.
 *
 * @throws StatusError 422 for a number of replicas that cannot be, 400 where there is none.
 */
export function workloadPatchFrom(scale: JsonObject, name: string): JsonObject {
  const spec = scale.spec;
  const replicas = isObject(spec) ? spec.replicas : undefined;
  if (replicas === undefined) throw badRequest('a Scale without spec.replicas changes nothing');
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ]);
  }
  const resourceVersion = at(scale, 'metadata.resourceVersion');
  return {
    ...(typeof resourceVersion === 'string' && { metadata: { resourceVersion } }),
    spec: { replicas },
  };
}
