import { Connections } from './connections.ts';
import { idleImages } from './idle-images.ts';
import type { Program } from './program.ts';

/**
 * Containers that only have to be there: they run, are ready at once, and say so. What connects to one of their ports
 * is accepted and closed. An image that nobody here knows is not run, so that it cannot be pulled either.
 */
export const idleProgram: Program = {
  runs: ({ image }) => idleImages.some((known) => isNamed(image, known)),
  start: ({ container, pod, network, log, ready, signal }) => {
    const connections = new Connections(signal);
    // A container on the node's own network has no port to itself.
    const ownNetwork = (pod.spec as { hostNetwork?: boolean } | undefined)?.hostNetwork !== true;
    for (const { containerPort, protocol = 'TCP' } of (ownNetwork && container.ports) || []) {
      if (protocol !== 'TCP') continue;
      const stop = network.listen(containerPort, (socket) => {
        connections.add(socket).on('error', () => {});
        socket.resume().end();
      });
      signal.addEventListener('abort', stop, { once: true });
    }
    log(`${container.name} started; it does nothing in the reference mesh`);
    ready(true);
  },
};

/** Whether an image has this name, wherever it comes from and whatever its release. */
function isNamed(image: string, known: string): boolean {
  const name = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return name === known || name.endsWith(`/${known}`);
}
