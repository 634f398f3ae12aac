import { gone } from './status-error.ts';
import type { StoreEvent } from './store.ts';

/** The last events of a store, from which a watch can continue where another one ended. */
export class RevisionLog {
  private readonly capacity: number;
  private events: StoreEvent[] = [];
  private last = 0;
  /** The newest revision whose event is forgotten. */
  private forgotten = 0;

  /** @param capacity how many events are remembered. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get revision(): number {
    return this.last;
  }

  /** Takes the next revision for an event that is about to be added. */
  next(): number {
    this.last += 1;
    return this.last;
  }

  add(event: StoreEvent): void {
    this.events.push(event);
    const surplus = this.events.length - this.capacity;
    if (surplus > 0) this.forgotten = this.events[surplus - 1]!.revision;
    // Cut in large pieces: a shift for every event would move the whole array each time.
    if (surplus > this.capacity) this.events = this.events.slice(surplus);
  }

  /**
   * The events after a revision.
   *
   * @throws StatusError Expired when an event after it is forgotten.
   */
  since(revision: number): StoreEvent[] {
    if (revision < this.forgotten) throw gone(`too old resource version: ${revision} (${this.forgotten})`);
    return this.events.filter((event) => event.revision > revision);
  }
}
