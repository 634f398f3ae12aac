import type { KindKey } from './resource-type.ts';
import type { StoreEvent } from './store.ts';

type Listener = (event: StoreEvent) => void;

/**
 * Hands events to listeners in the order they came. A listener that causes further events does not get ahead of the
 * others: those wait until all have heard the present one.
 */
export class Subscribers {
  private readonly listeners = new Set<{ key: KindKey | undefined; listener: Listener }>();
  private readonly waiting: StoreEvent[] = [];
  private telling = false;

  add(key: KindKey | undefined, listener: Listener): () => void {
    const entry = { key, listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  }

  tell(event: StoreEvent): void {
    this.waiting.push(event);
    if (this.telling) return;
    this.telling = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.hand(next);
    } finally {
      this.telling = false;
    }
  }

  private hand(event: StoreEvent): void {
    for (const entry of [...this.listeners]) {
      if (!this.listeners.has(entry)) continue;
      if (entry.key !== undefined && entry.key !== event.key) continue;
      try {
        entry.listener(event);
      } catch (error) {
        // The change is stored and others must hear of it, so the fault of one listener surfaces on its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
