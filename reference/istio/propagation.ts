import type { KindKey } from '../store/resource-type.ts';
import type { Store } from '../store/store.ts';

/** Kinds whose objects say where a Service's endpoints are, rather than what to do with them. */
const endpointKinds: ReadonlySet<KindKey> = new Set(['EndpointSlice.discovery.k8s.io', 'Endpoints']);

/**
 * What proxies know of something that is read from the store: as it was when they were last told. They are told
 * after every change of certain kinds, some time later.
 */
export class Propagation<T> {
  private readonly read: () => T;
  private readonly delayMs: number;
  private readonly listeners = new Set<() => void>();
  private readonly end: () => void;
  private known: T | undefined;
  private timer: NodeJS.Timeout | undefined;
  private telling = false;

  /** @param delayMs how long proxies know the old state; 0: nothing is ever answered from it. */
  constructor(store: Store, kinds: ReadonlySet<KindKey>, read: () => T, delayMs: number) {
    this.read = read;
    this.delayMs = delayMs;
    if (delayMs > 0) this.known = read();
    this.end = store.subscribe(undefined, ({ key }) => {
      if (kinds.has(key)) this.changed();
      else if (endpointKinds.has(key)) this.tell();
    });
  }

  get current(): T {
    this.known ??= this.read();
    return this.known;
  }

  /** Called once for all changes of one turn of the event loop, when proxies know them. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): void {
    this.end();
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private changed(): void {
    if (this.delayMs === 0) {
      this.known = undefined;
      this.tell();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.known = this.read();
      this.tell();
    }, this.delayMs);
  }

  private tell(): void {
    if (this.telling) return;
    this.telling = true;
    setImmediate(() => {
      this.telling = false;
      for (const listener of [...this.listeners]) listener();
    });
  }
}
