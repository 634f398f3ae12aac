import type { Operations } from '../store/operations.ts';
import type { Store } from '../store/store.ts';
import type { Program } from '../workloads/program.ts';
import type { Controller } from './controllers/controller.ts';
import { daemonSetController } from './controllers/daemon-set.ts';
import { deploymentController } from './controllers/deployment.ts';
import { endpointsController } from './controllers/endpoints.ts';
import { garbageCollector } from './controllers/garbage-collector.ts';
import { jobController } from './controllers/job.ts';
import { namespaceController } from './controllers/namespaces.ts';
import { replicaSetController } from './controllers/replica-set.ts';
import { serviceAccountController } from './controllers/service-accounts.ts';
import { podAccess } from './kubelet/access.ts';
import type { PodNetwork } from './kubelet/hosts.ts';
import { Kubelet } from './kubelet/kubelet.ts';
import type { PodAccess } from './pod-access.ts';
import { startScheduler } from './scheduler.ts';
import { Services } from './services.ts';

export interface ClusterOptions {
  store: Store;
  operations: Operations;
  network: PodNetwork;
  programs: readonly Program[];
  /** What the long pauses of restarts and retries are multiplied by; 1 when absent. */
  timeScale?: number;
  /** What the network asks already; made here when absent. */
  services?: Services;
}

export interface RunningCluster {
  services: Services;
  /** What the API server serves logs and exec by. */
  pods: PodAccess;
  kubelet: Kubelet;
  /** Ends all programs and controllers; the objects stay in the store. */
  close: () => void;
}

const controllers: readonly Controller[] = [
  serviceAccountController,
  // Who is told first acts first: pods are made and deleted before their Deployment looks again.
  replicaSetController,
  deploymentController,
  daemonSetController,
  jobController,
  endpointsController,
  garbageCollector,
  namespaceController,
];

/**
 * Makes the objects of a store live. Nothing is polled: every change of an object is answered within the same turn of
 * the event loop, as far as programs do not take longer to start.
 */
export function startCluster({
  store,
  operations,
  network,
  programs,
  timeScale = 1,
  services = new Services(store),
}: ClusterOptions): RunningCluster {
  const context = { store, operations, timeScale };
  const ends = [...controllers.map((controller) => controller(context)), startScheduler(context)];
  const kubelet = new Kubelet({ store, network, programs, timeScale });
  return {
    services,
    pods: podAccess(store, kubelet),
    kubelet,
    close: () => {
      for (const end of ends) end();
      kubelet.close();
      services.close();
    },
  };
}
