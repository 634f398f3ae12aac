import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { sameValue } from '../../store/json.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../../store/operations.ts';
import { type LabelSelector, matchesLabelSelector } from '../../store/selectors.ts';
import { invalid } from '../../store/status-error.ts';
import { templateGeneration } from '../controllers/daemon-set.ts';
import type { PodTemplate } from '../rollout/deployment.ts';
import type { Strategy } from '../rollout/sizes.ts';
import { withPodSpecDefaults } from './pod-defaults.ts';

interface Workload extends KubeObject {
  spec: { selector?: LabelSelector; template: PodTemplate; strategy?: Strategy; [field: string]: unknown };
}

// Kubernetes `pkg/apis/apps/v1/defaults.go`.
export function withDeploymentDefaults(object: KubeObject): KubeObject {
  const { spec, ...deployment } = object as Workload;
  const { type = 'RollingUpdate', rollingUpdate } = spec.strategy ?? {};
  const share = { maxSurge: '25%', maxUnavailable: '25%' };
  return {
    ...deployment,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      strategy: type === 'RollingUpdate' ? { type, rollingUpdate: { ...share, ...rollingUpdate } } : { type },
      template: withTemplateDefaults(spec.template),
    },
  };
}

export function withReplicaSetDefaults(object: KubeObject): KubeObject {
  const { spec, ...replicaSet } = object as Workload;
  return { ...replicaSet, spec: { replicas: 1, ...spec, template: withTemplateDefaults(spec.template) } };
}

/** @param old what is stored, whose template generation the next one follows. */
export function withDaemonSetDefaults(object: KubeObject, old?: KubeObject): KubeObject {
  const { spec, metadata, ...daemonSet } = object as Workload;
  const template = withTemplateDefaults(spec.template);
  const former = old as Workload | undefined;
  const generation = Number(former?.metadata.annotations?.[templateGeneration] ?? 0);
  const same = former !== undefined && sameValue(former.spec.template, template);
  const annotations = {
    ...metadata.annotations,
    [templateGeneration]: String(same ? generation : generation + 1),
  };
  return {
    ...daemonSet,
    metadata: { ...metadata, annotations },
    spec: {
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      ...spec,
      template,
    },
  };
}

function withTemplateDefaults(template: PodTemplate): PodTemplate {
  return { ...template, spec: withPodSpecDefaults(template.spec) };
}

const defaults: Record<string, (object: KubeObject, old?: KubeObject) => KubeObject> = {
  Deployment: withDeploymentDefaults,
  ReplicaSet: withReplicaSetDefaults,
  DaemonSet: withDaemonSetDefaults,
};

/** Fills in workloads, and refuses those whose selector is not of their own pods. */
export const workloadDefaults: AdmissionPlugin = {
  mutate: (request) => {
    const fillIn = isWorkload(request) ? defaults[request.type.kind] : undefined;
    return fillIn === undefined ? request.object : fillIn(request.object, request.old);
  },
  validate: (request) => {
    if (!isWorkload(request) || defaults[request.type.kind] === undefined) return;
    const { spec, metadata } = request.object as Workload;
    if (matchesLabelSelector(spec.selector, spec.template.metadata?.labels)) return;
    const message = `Invalid value: ${JSON.stringify(spec.template.metadata?.labels ?? {})}: \`selector\` does not match template \`labels\``;
    throw invalid(request.type, metadata.name, [
      { reason: 'FieldValueInvalid', message, field: 'spec.template.metadata.labels' },
    ]);
  },
};

function isWorkload({ operation, type, object }: AdmissionRequest): boolean {
  return operation !== 'DELETE' && type.group === 'apps' && (object as Workload).spec?.template !== undefined;
}
