import { kubernetesShapes } from '../../admission/kubernetes.ts';
import { podSecurity } from '../../admission/pod-security.ts';
import type { AdmissionPlugin } from '../../store/operations.ts';
import type { Store } from '../../store/store.ts';
import { jobDefaults } from './job-defaults.ts';
import { namespaceDefaults } from './namespace-defaults.ts';
import { podDefaults } from './pod-defaults.ts';
import { serviceDefaults } from './service-defaults.ts';
import { workloadDefaults } from './workload-defaults.ts';

/** What Kubernetes itself does with objects that come in, before and after the webhooks of others. */
export interface BuiltInAdmission {
  beforeWebhooks: AdmissionPlugin[];
  afterWebhooks: AdmissionPlugin[];
}

export function builtInAdmission(store: Store): BuiltInAdmission {
  return {
    beforeWebhooks: [
      kubernetesShapes,
      namespaceDefaults,
      serviceDefaults(store),
      workloadDefaults,
      jobDefaults,
      podDefaults,
    ],
    // Containers that a webhook has added are filled in like the others.
    afterWebhooks: [podDefaults, podSecurity(store)],
  };
}
