import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { NetworkInterface } from '../../network/interface.ts';
import type { Store } from '../../store/store.ts';
import type { Program } from '../../workloads/program.ts';
import { follow } from '../controllers/controller.ts';
import { finalizersOf } from '../controllers/finalizers.ts';
import { WorkQueue } from '../controllers/work-queue.ts';
import { runsPods } from '../node.ts';
import { isDeleted, podSpec } from '../pod.ts';
import type { Container } from './container.ts';
import { Hosts, type PodNetwork } from './hosts.ts';
import { RunningPod } from './running-pod.ts';

export interface KubeletOptions {
  store: Store;
  network: PodNetwork;
  /** The first that runs a container is taken. */
  programs: readonly Program[];
  timeScale: number;
}

/** Runs the pods of all nodes. */
export class Kubelet {
  private readonly options: KubeletOptions;
  private readonly hosts: Hosts;
  private readonly running = new Map<string, RunningPod>();
  private readonly queue: WorkQueue;
  private readonly ends: (() => void)[];

  constructor(options: KubeletOptions) {
    const { store, network, timeScale } = options;
    this.options = options;
    this.hosts = new Hosts(store, network);
    this.queue = new WorkQueue((name, namespace) => {
      this.sync(name, namespace ?? '');
      return undefined;
    }, timeScale);
    const configChanged = ({ metadata }: KubeObject) => {
      for (const pod of this.running.values()) {
        if (pod.namespace === metadata.namespace) pod.configChanged();
      }
    };
    this.ends = [
      follow(store, 'Pod', ({ metadata }) => this.queue.add(metadata.name, metadata.namespace)),
      store.subscribe('ConfigMap', ({ object }) => configChanged(object)),
      store.subscribe('Secret', ({ object }) => configChanged(object)),
    ];
  }

  /**
   * A node's own place on the network, from which connections are those of the node itself.
   *
   * @throws when there is no such node.
   */
  host(node: string): NetworkInterface {
    return this.hosts.host(node);
  }

  /**
   * Kills one container, which then comes back as often-killed ones do: at once at first, then later each time.
   *
   * @throws when it does not run.
   */
  stop(namespace: string, pod: string, container: string): void {
    const found = this.container(namespace, pod, container);
    if (found?.context === undefined) throw new Error(`${container} of ${namespace}/${pod} does not run.`);
    found.kill();
  }

  /** A container of a pod that has a node. */
  container(namespace: string, pod: string, container: string): Container | undefined {
    return this.running.get(`${namespace}/${pod}`)?.find(container);
  }

  /** Ends everything that runs; the objects stay as they are. */
  close(): void {
    this.queue.close();
    for (const end of this.ends) end();
    for (const [key, pod] of this.running) this.end(key, pod);
    this.hosts.close();
  }

  private sync(name: string, namespace: string): void {
    const { store } = this.options;
    const key = `${namespace}/${name}`;
    const pod = store.find('Pod', name, namespace);
    const running = this.running.get(key);
    const leaves = pod === undefined || isDeleted(pod);
    if (running !== undefined && (leaves || pod.metadata.uid !== running.uid)) this.end(key, running);
    if (pod === undefined) return;
    if (isDeleted(pod)) {
      // Its containers have stopped, so there is nothing to wait out its grace period for.
      if (finalizersOf(pod).length === 0) store.remove('Pod', name, namespace);
    } else if (podSpec(pod).nodeName && !this.running.has(key)) this.begin(key, pod);
  }

  private begin(key: string, pod: KubeObject): void {
    const { store } = this.options;
    const node = store.find('Node', podSpec(pod).nodeName ?? '');
    if (node === undefined || !runsPods(node)) return;
    const running = new RunningPod(store, pod, this.hosts.place(pod), this.options);
    this.running.set(key, running);
    void running.start();
  }

  private end(key: string, pod: RunningPod): void {
    pod.stop();
    this.hosts.leave(pod.place);
    this.running.delete(key);
  }
}
