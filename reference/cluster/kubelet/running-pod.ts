import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { NetworkInterface } from '../../network/interface.ts';
import { type Store, timestamp } from '../../store/store.ts';
import type { ContainerSpec, Program } from '../../workloads/program.ts';
import { tell } from '../events.ts';
import { isNativeSidecar, podSpec } from '../pod.ts';
import { Container } from './container.ts';
import { environmentOf } from './environment.ts';
import { podStatus } from './pod-status.ts';
import { restartsAfter } from './restarts.ts';

export interface PodPlace {
  network: NetworkInterface;
  /** The address of the pod's node. */
  hostAddress: string;
}

/** A pod on its node: its containers, from the first init container until it is stopped. */
export class RunningPod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly place: PodPlace;
  private readonly store: Store;
  private readonly init: Container[];
  private readonly containers: Container[];
  private readonly startTime = timestamp();
  private reporting = false;
  private stopped = false;
  /** Its containers are done, and so its sidecars are asked to end too. */
  private ending = false;

  constructor(
    store: Store,
    pod: KubeObject,
    place: PodPlace,
    { programs, timeScale }: { programs: readonly Program[]; timeScale: number },
  ) {
    const { uid = '', namespace = '', name } = pod.metadata;
    this.store = store;
    this.uid = uid;
    this.namespace = namespace;
    this.name = name;
    this.place = place;
    const { initContainers = [], containers } = podSpec(pod);
    const make = (spec: ContainerSpec) =>
      new Container(
        spec,
        programs.find((program) => program.runs(spec, pod)),
        {
          environment: () => {
            const current = this.object() ?? pod;
            const { network } = place;
            return { pod: current, network, env: environmentOf(store, current, spec) };
          },
          changed: () => this.changed(),
          tell: (reason, message, type) => {
            const fieldPath = `spec.${containers.includes(spec) ? 'containers' : 'initContainers'}{${spec.name}}`;
            tell(store, pod, { reason, message, ...(type && { type }), by: 'kubelet', fieldPath });
          },
          restarts: (exitCode) => !this.ending && restartsAfter(podSpec(pod), spec, exitCode),
          timeScale,
        },
      );
    this.init = initContainers.map(make);
    this.containers = containers.map(make);
  }

  /** Reports the pod's address, then runs its init containers in turn and the others together. */
  async start(): Promise<void> {
    this.report();
    for (const container of this.init) {
      if (isNativeSidecar(container.spec)) container.start();
      else container.complete();
      await container.started;
      if (this.stopped) return;
    }
    for (const container of this.containers) container.start();
  }

  /** Ends its containers, the sidecars after those that need them. */
  stop(): void {
    this.stopped = true;
    for (const container of this.containers) container.stop();
    for (const container of this.init.toReversed()) container.stop();
  }

  /** ConfigMaps and Secrets that containers wait for may be there now. */
  configChanged(): void {
    for (const container of [...this.init, ...this.containers]) container.configChanged();
  }

  find(container: string): Container | undefined {
    return [...this.init, ...this.containers].find(({ spec }) => spec.name === container);
  }

  private object(): KubeObject | undefined {
    const pod = this.store.find('Pod', this.name, this.namespace);
    return pod?.metadata.uid === this.uid ? pod : undefined;
  }

  /** What changes together is reported once. */
  private changed(): void {
    if (this.reporting) return;
    this.reporting = true;
    queueMicrotask(() => {
      this.reporting = false;
      if (this.stopped) return;
      if (!this.ending && this.containers.every(({ isOver }) => isOver)) this.finish();
      this.report();
    });
  }

  /** Ends the native sidecars, the last first, once nothing is left that needs them (Kubernetes KEP-753). */
  private finish(): void {
    this.ending = true;
    for (const container of this.init.toReversed()) container.stop(0);
  }

  private report(): void {
    const pod = this.object();
    if (pod === undefined) return;
    const { network, hostAddress } = this.place;
    const { init, containers, startTime } = this;
    const facts = { address: network.address, hostAddress, startTime, init, containers };
    const status = podStatus(pod, facts);
    this.store.change('Pod', this.name, this.namespace, (draft) => {
      draft.status = status;
    });
  }
}
