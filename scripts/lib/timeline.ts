interface Phase {
  name: string;
  startedMs: number;
  durationMs: number;
}

/** Where the time of a run goes. */
export class Timeline {
  private readonly ended: Phase[] = [];
  private readonly began = performance.now();

  /** Its phases in the order in which they began; some go on beside others, or within them. */
  get phases(): Phase[] {
    return this.ended.toSorted((a, b) => a.startedMs - b.startedMs);
  }

  async phase<T>(name: string, body: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await body();
    } finally {
      const durationMs = Math.round(performance.now() - started);
      this.ended.push({ name, startedMs: Math.round(started - this.began), durationMs });
    }
  }
}
