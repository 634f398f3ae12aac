/** Where the time of a run goes: its phases, in the order they ended. */
export class Timeline {
  readonly phases: { name: string; durationMs: number }[] = [];

  async phase<T>(name: string, body: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await body();
    } finally {
      this.phases.push({ name, durationMs: Math.round(performance.now() - began) });
    }
  }
}
