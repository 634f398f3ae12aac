import { createHash } from 'node:crypto';

export interface Termination {
  exitCode: number;
  reason: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

export type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: Termination };

// Kubelet `pkg/kubelet/kubelet.go`: from 10 s, doubled each time, to 5 min; the first restart comes at once.
const firstBackOffMs = 10_000;
const longestBackOffMs = 300_000;

/** Milliseconds, unscaled, until a container that ended is restarted, after so many restarts before. */
export function restartPause(restartCount: number): number {
  if (restartCount === 0) return 0;
  return Math.min(firstBackOffMs * 2 ** (restartCount - 1), longestBackOffMs);
}

/** Names one run of a container, as container runtimes do. */
export function newContainerId(): string {
  return `reference://${createHash('sha256').update(crypto.randomUUID()).digest('hex')}`;
}
