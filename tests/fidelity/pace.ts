import { setTimeout as delay } from 'node:timers/promises';

/** What was done, and how many milliseconds one of the recorded time-outs' took meanwhile. */
export interface Paced<T> {
  result: T;
  pace: number;
}

/**
 * Does something beside a clock that waits as proxies do, for one second after another, all shortened alike. A busy
 * machine makes both late, so what took as many seconds by this clock as on the real cluster took as long.
 */
export async function paced<T>(timeScale: number, act: () => Promise<T>): Promise<Paced<T>> {
  const over = new AbortController();
  const second = 1000 * timeScale;
  const began = performance.now();
  let seconds = 0;
  let tick = began;
  const clock = async () => {
    while (!over.signal.aborted) {
      await delay(second, undefined, { signal: over.signal });
      seconds += 1;
      tick = performance.now();
    }
  };
  const ticking = clock().catch(() => {});
  try {
    const result = await act();
    const now = performance.now();
    const share = Math.min(1, (now - tick) / second);
    return { result, pace: (now - began) / (1000 * (seconds + share)) };
  } finally {
    over.abort();
    await ticking;
  }
}
