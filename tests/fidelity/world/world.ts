import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { type KubeObject, type Ref, refOf } from '../../../fixtures/cluster/objects.ts';
import { containersOf, isReady } from '../../../fixtures/cluster/pods.ts';
import { felixConfiguration, policySyncPath } from '../../../fixtures/policy-sync.ts';
import { podAddress } from '../../../fixtures/sandbox/pod.ts';
import { type Mesh, startMesh } from '../../../reference/mesh.ts';
import type { NetworkInterface } from '../../../reference/network/interface.ts';
import { promised } from '../../../reference/rules/rules.ts';
import { keyOf } from '../../../reference/store/resource-type.ts';
import { strictMutualTls } from '../../../scripts/runbook/peer-authentication.ts';
import { inhabitants } from './inhabitants.ts';
import { ready, until } from './readiness.ts';
import { walkTutorial } from './tutorial.ts';

export interface WorldOptions {
  /** The release whose deviations are laid over. */
  calico?: string;
  timeScale?: number;
}

const istio = '1.28.10';

/** Kinds whose changes make listeners anew, so that they drain their connections. */
const drainingKinds = ['PeerAuthentication.security.istio.io', 'EnvoyFilter.networking.istio.io'];

/**
 * A mesh in this process at the end of the tutorial, with everything beside it that the recordings speak of. One world
 * serves many scenarios: each takes back what it changed.
 */
export class World {
  readonly mesh: Mesh;
  /** The release whose deviations are laid over. */
  readonly calico: string;
  /** The shop's pods before the tutorial was walked, by `namespace/label`. */
  readonly before: ReadonlyMap<string, KubeObject>;
  /** Over when the connections from before the last disturbance are closed. */
  #drained = Promise.resolve();

  private constructor(mesh: Mesh, calico: string, before: readonly KubeObject[]) {
    this.mesh = mesh;
    this.calico = calico;
    this.before = new Map(before.map((pod) => [`default/${pod.metadata.labels?.app}`, pod]));
    for (const key of drainingKinds) {
      mesh.store.subscribe(key, () => this.#disturbed());
    }
  }

  /** Policies are in force at once, and the long time-outs are a fiftieth of the real ones. */
  static async start({ calico = 'v3.32.1', timeScale = 0.02 }: WorldOptions = {}): Promise<World> {
    const mesh = await startMesh({ calico, timeScale, propagationMs: 0 });
    const before = mesh.store.list('Pod', 'default');
    await walkTutorial(mesh, { calico, istio });
    const world = new World(mesh, calico, before);
    for (const object of inhabitants) world.apply(object);
    const pods = inhabitants.filter(({ kind }) => kind === 'Pod');
    const names = new Set(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    await ready(mesh.store, ({ metadata: { namespace, name } }) => names.has(`${namespace}/${name}`), {
      count: pods.length,
    });
    return world;
  }

  get timeScale(): number {
    return this.mesh.timeScale;
  }

  close(): Promise<void> {
    return this.mesh.shut();
  }

  /**
   * Makes an object, or makes it over, as `kubectl apply` does.
   *
   * @param ageSeconds how long ago it is to have been made.
   */
  apply(object: KubeObject, ageSeconds = 0): KubeObject {
    const { store, operations } = this.mesh;
    const { name, namespace } = object.metadata;
    const type = store.typeOf(object.apiVersion, object.kind);
    if (type === undefined) throw new Error(`The mesh does not know ${object.apiVersion} ${object.kind}.`);
    const patch = { type: 'apply', body: object } as const;
    const options = { fieldManager: 'fidelity', force: true, fieldValidation: 'Strict' } as const;
    return earlier(ageSeconds, () => operations.patch(type, name, namespace, patch, options).object);
  }

  /** Lays a merge patch over an object. */
  patch({ apiVersion, kind, name, namespace }: Ref, body: unknown): KubeObject {
    const type = this.mesh.store.typeOf(apiVersion, kind)!;
    const options = { fieldManager: 'fidelity' };
    return this.mesh.operations.patch(type, name, namespace, { type: 'merge', body }, options).object;
  }

  find({ apiVersion, kind, name, namespace }: Ref): KubeObject | undefined {
    const type = this.mesh.store.typeOf(apiVersion, kind);
    return type && this.mesh.store.find(keyOf(type), name, namespace);
  }

  /** Sets the mode of the whole mesh. */
  setMeshMode(mode: string): void {
    const { mtls } = (this.find(refOf(strictMutualTls))?.spec ?? {}) as { mtls?: { mode?: string } };
    if (mtls?.mode !== mode) this.patch(refOf(strictMutualTls), { spec: { mtls: { mode } } });
  }

  /** Makes the proxies look at their listeners, so that connections which they would now make otherwise are drained. */
  renewListeners(): void {
    for (const mode of ['PERMISSIVE', 'STRICT']) this.setMeshMode(mode);
  }

  /** Deletes an object; nothing happens when it is not there. */
  remove(ref: Ref): void {
    if (this.find(ref) === undefined) return;
    const type = this.mesh.store.typeOf(ref.apiVersion, ref.kind)!;
    this.mesh.operations.delete(type, ref.name, ref.namespace, { gracePeriodSeconds: 0 });
  }

  /**
   * Waits until what was changed is in force at both layers and known to the proxies. They learn of a change by a
   * timer of no delay and in the turn after it, both begun with the change, and timers of one delay fire in order.
   */
  async settled(): Promise<void> {
    await delay(0);
    await nextTurn();
  }

  /** Waits until every pod is ready again, Dikastes having been told anew where Felix is. */
  async whole(): Promise<void> {
    const { store } = this.mesh;
    const pods = () => store.list('Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    await this.settled();
    if (pods().every(isReady)) return;
    for (const policySyncPathPrefix of [null, policySyncPath]) {
      this.patch(felixConfiguration, { spec: { policySyncPathPrefix } });
      await this.settled();
    }
    await until(store, 'Pod', () => pods().every(isReady));
  }

  /**
   * Notes that listeners are made anew, so that connections are drained. It takes the steps that a proxy takes, each
   * begun after the proxies': timers of one delay fire in order.
   */
  #disturbed(): void {
    const half = promised.drainTime(this.timeScale) / 2;
    this.#drained = (async () => {
      await nextTurn();
      await nextTurn();
      await delay(half);
      await delay(half);
      await this.settled();
    })();
  }

  /** Waits until no connection is left that was made before the listeners were last made anew. */
  async drained(): Promise<void> {
    let last: Promise<void>;
    do {
      last = this.#drained;
      await last;
    } while (last !== this.#drained);
  }

  /** A pod by `namespace/name`, or the first with that label `app`. */
  pod(place: string): KubeObject {
    const [namespace = '', name = ''] = place.split('/');
    const pods = this.mesh.store.list('Pod', namespace);
    const found =
      pods.find(({ metadata }) => metadata.name === name) ??
      pods.find(({ metadata }) => metadata.labels?.app === name && !metadata.deletionTimestamp);
    if (found === undefined) throw new Error(`There is no pod ${place}.`);
    return found;
  }

  addressOf(place: string): string {
    return podAddress(this.pod(place));
  }

  serviceAddress(namespace: string, name: string): string {
    const service = this.mesh.store.find('Service', name, namespace);
    return String((service?.spec as { clusterIP?: string } | undefined)?.clusterIP);
  }

  /** The place on the network that the containers of a pod share. */
  networkOf(place: string): NetworkInterface {
    const { metadata } = this.pod(place);
    const [first] = containersOf(this.pod(place));
    const container = this.mesh.kubelet.container(metadata.namespace ?? '', metadata.name, first?.name ?? '');
    if (container?.context === undefined) throw new Error(`${place} does not run.`);
    return container.context.network;
  }

  /** The place on the network that a pod's node itself has. */
  hostOf(place: string): NetworkInterface {
    return this.mesh.kubelet.host((this.pod(place).spec as { nodeName: string }).nodeName);
  }

  /** The last lines of the access logs of the proxies in a namespace whose pods have a label `app`. */
  accessLogs(namespace: string, app: string, tailLines = 2_000): { proxy: string; text: string }[] {
    return this.mesh.store
      .list('Pod', namespace)
      .filter(({ metadata }) => (metadata.labels?.app ?? metadata.name) === app)
      .filter((pod) => containersOf(pod).some(({ name }) => name === 'istio-proxy'))
      .map(({ metadata: { name } }) => ({
        proxy: `${namespace}/${name}`,
        text: this.mesh.pods.logs(namespace, name, 'istio-proxy', { tailLines }),
      }));
  }
}

/** Does something at once as if it were done so many seconds ago: objects are dated in whole seconds. */
function earlier<T>(seconds: number, act: () => T): T {
  if (seconds === 0) return act();
  const { Date: RealDate } = globalThis;
  const then = RealDate.now() - seconds * 1000;
  globalThis.Date = class extends RealDate {
    constructor() {
      super(then);
    }
  } as DateConstructor;
  try {
    return act();
  } finally {
    globalThis.Date = RealDate;
  }
}
