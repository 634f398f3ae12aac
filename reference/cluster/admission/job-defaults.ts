import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../../store/operations.ts';
import { keyOf } from '../../store/resource-type.ts';
import { invalid } from '../../store/status-error.ts';
import type { PodTemplate } from '../rollout/deployment.ts';
import { withPodSpecDefaults } from './pod-defaults.ts';

interface Job extends KubeObject {
  spec: { template: PodTemplate; [field: string]: unknown };
}

/**
 * Fills in Jobs and gives them a selector of their own, for which their uid has to be known already (Kubernetes
 * `pkg/apis/batch/v1/defaults.go`, `pkg/registry/batch/job/strategy.go`); refuses those whose pods would never end.
 */
export const jobDefaults: AdmissionPlugin = {
  mutate: (request) =>
    isJob(request) && request.operation === 'CREATE' ? filledIn(request.object) : request.object,
  validate: (request) => {
    if (!isJob(request)) return;
    const { spec, metadata } = request.object as Job;
    const { restartPolicy } = spec.template.spec as { restartPolicy?: string };
    if (restartPolicy === 'OnFailure' || restartPolicy === 'Never') return;
    const message = `Unsupported value: ${JSON.stringify(restartPolicy)}: supported values: "OnFailure", "Never"`;
    const field = 'spec.template.spec.restartPolicy';
    throw invalid(request.type, metadata.name, [{ reason: 'FieldValueNotSupported', message, field }]);
  },
};

function filledIn(object: KubeObject): KubeObject {
  const { spec, metadata, ...job } = object as Job;
  const uid = metadata.uid ?? crypto.randomUUID();
  const selector = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...spec.template.metadata?.labels,
    ...selector,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': uid,
    'job-name': metadata.name,
  };
  const template = {
    ...spec.template,
    metadata: { ...spec.template.metadata, labels },
    spec: withPodSpecDefaults(spec.template.spec),
  };
  return {
    ...job,
    metadata: { ...metadata, uid },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      ...spec,
      selector: { matchLabels: selector },
      template,
    },
  };
}

function isJob({ operation, type, object }: AdmissionRequest): boolean {
  return (
    operation !== 'DELETE' && keyOf(type) === 'Job.batch' && (object as Job).spec?.template !== undefined
  );
}
