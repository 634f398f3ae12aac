import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerContext } from '../workloads/program.ts';
import { dial } from './upstream.ts';

/** How long an attempt may take, and how long it is until the next one, in unscaled milliseconds. */
const patienceMs = 1_000;

/**
 * Waits until istiod can be connected to, past any sidecar: a proxy that was never told anything serves nothing, and
 * is not ready (istio `pkg/istio-agent`, `pkg/envoy`). Ends with the container, too.
 */
export async function reachIstiod(
  { network, signal }: Pick<ContainerContext, 'network' | 'signal'>,
  istiod: { host: string; port: number },
  timeScale: number,
): Promise<void> {
  const ms = patienceMs * timeScale;
  while (!signal.aborted) {
    try {
      const { socket } = await dial(network.connect(istiod, { direct: true }), {
        connectMs: ms,
        handshakeMs: ms,
      });
      socket.destroy();
      return;
    } catch {
      await delay(ms, undefined, { signal }).catch(() => {});
    }
  }
}
