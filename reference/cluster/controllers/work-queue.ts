import { StatusError } from '../../store/status-error.ts';

/** What a controller says of one object it looked at. */
export type Outcome = undefined | 'again';

// client-go `util/workqueue/default_rate_limiters.go`: from 5 ms, doubled each time, to 1,000 s.
const firstPauseMs = 5;
const longestPauseMs = 1_000_000;

/**
 * What a controller still has to look at, by name. Everything added before the next microtask is done together and
 * once. Work that the API refused, or that says `again`, is tried once more after a growing pause.
 */
export class WorkQueue {
  private readonly work: (name: string, namespace: string | undefined) => Outcome;
  private readonly timeScale: number;
  private readonly due = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private scheduled = false;
  private closed = false;

  constructor(work: (name: string, namespace: string | undefined) => Outcome, timeScale: number) {
    this.work = work;
    this.timeScale = timeScale;
  }

  add(name: string, namespace: string | undefined): void {
    this.push(namespace === undefined ? name : `${namespace}/${name}`);
  }

  /** Tries at once whatever waits for its pause to end. */
  retry(): void {
    for (const key of this.timers.keys()) this.push(key);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private push(key: string): void {
    if (this.closed) return;
    this.due.add(key);
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const keys = [...this.due];
    this.due.clear();
    for (const key of keys) {
      if (this.closed) return;
      clearTimeout(this.timers.get(key));
      this.timers.delete(key);
      if (this.attempt(key) === 'again') this.later(key);
      else this.failures.delete(key);
    }
  }

  private attempt(key: string): Outcome {
    const slash = key.indexOf('/');
    try {
      return slash < 0 ? this.work(key, undefined) : this.work(key.slice(slash + 1), key.slice(0, slash));
    } catch (error) {
      if (error instanceof StatusError) return 'again';
      // A fault of this program, which must not keep the rest of the queue from being worked.
      queueMicrotask(() => {
        throw error;
      });
      return undefined;
    }
  }

  private later(key: string): void {
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    const pause = Math.min(firstPauseMs * 2 ** failures, longestPauseMs) * this.timeScale;
    const timer = setTimeout(() => this.push(key), Math.max(firstPauseMs, pause));
    timer.unref();
    this.timers.set(key, timer);
  }
}
