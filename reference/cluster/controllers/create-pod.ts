import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { randomSuffix } from '../../store/names.ts';
import type { PodTemplate } from '../rollout/deployment.ts';
import { type ControllerContext, fieldManager } from './controller.ts';
import { controlledBy } from './owners.ts';

/**
 * Makes a pod of a template, by way of admission as any client's.
 *
 * @throws StatusError when it is refused.
 */
export function createPod(
  { operations }: ControllerContext,
  owner: KubeObject,
  template: PodTemplate,
): KubeObject {
  const { name, namespace } = owner.metadata;
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const generateName = `${name}-`;
  return operations.create(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${generateName}${randomSuffix()}`,
        generateName,
        ...(namespace !== undefined && { namespace }),
        ...(labels && { labels }),
        ...(annotations && { annotations }),
        ...(finalizers === undefined ? {} : { finalizers }),
        ownerReferences: [controlledBy(owner)],
      },
      spec: template.spec,
    },
    { fieldManager },
  );
}
