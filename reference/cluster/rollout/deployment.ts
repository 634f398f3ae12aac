import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { LabelSelector } from '../../store/selectors.ts';
import type { Condition } from '../conditions.ts';
import type { PodSpec } from '../pod.ts';
import type { Strategy } from './sizes.ts';

export interface PodTemplate {
  metadata?: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec: PodSpec;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: LabelSelector;
    strategy?: Strategy;
    revisionHistoryLimit?: number;
    template: PodTemplate;
  };
  status?: DeploymentStatus;
}

/** Counts that are 0 are left out, as the API does. */
export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; selector: LabelSelector; template: PodTemplate };
  status?: ReplicaSetStatus;
}

export interface ReplicaSetStatus {
  observedGeneration?: number;
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  conditions?: Condition[];
}

/** The counts of a status without those that are 0. */
export function withoutZeros<T extends object>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<T>;
}
