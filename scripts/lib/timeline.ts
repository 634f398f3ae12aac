/** Where the time of a run goes: its phases, in the order they ended. Some go on beside others. */
export class Timeline {
  readonly phases: { name: string; startedMs: number; durationMs: number }[] = [];
  private readonly began = performance.now();

  async phase<T>(name: string, body: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await body();
    } finally {
      const durationMs = Math.round(performance.now() - started);
      this.phases.push({ name, startedMs: Math.round(started - this.began), durationMs });
    }
  }
}
