/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** From 0 up to, but not, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  /** From `least` to `most` of them, in any order; one may come twice where `of` is a function. */
  some<T>(of: readonly T[] | (() => T), least: number, most: number): T[] {
    const count = least + this.below(most - least + 1);
    if (typeof of === 'function') return Array.from({ length: count }, of);
    const left = [...of];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(this.below(left.length), 1)[0]!,
    );
  }

  /** The fields, each with this probability. */
  maybe<T extends object>(probability: number, fields: () => T): T | Record<string, never> {
    return this.chance(probability) ? fields() : {};
  }
}
