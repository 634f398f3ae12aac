import type { NetworkControl, NetworkInterface } from '../../../reference/network/interface.ts';
import { VirtualNetwork } from '../../../reference/network/virtual-network.ts';
import type { ContainerContext, ContainerSpec, Program } from '../../../reference/workloads/program.ts';

/** A network that lets everything through and knows no names. */
const open: NetworkControl = { permits: () => true, resolve: () => undefined, balance: () => undefined };

export interface Running {
  context: ContainerContext;
  /** Another pod on the same network. */
  client: NetworkInterface;
  logged: string[];
  /** What its readiness probe would answer. */
  ready: () => boolean;
  /** The status that it ended itself with. */
  exited: () => number | undefined;
  stop: () => void;
}

export const address = '10.0.0.1';

/** Starts a program as a container of a pod at `address`. */
export async function start(program: Program, container: Partial<ContainerSpec> = {}): Promise<Running> {
  const network = new VirtualNetwork(open);
  const logged: string[] = [];
  const stopping = new AbortController();
  let ready = false;
  let status: number | undefined;
  const context: ContainerContext = {
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'echo-1', namespace: 'here' } },
    container: { name: 'main', image: 'some', ...container },
    network: network.attach(address, { pod: 'here/echo-1' }),
    env: { POD_NAME: 'echo-1', POD_NAMESPACE: 'here' },
    log: (line) => logged.push(line),
    ready: (value) => {
      ready = value;
    },
    exit: (code) => {
      status ??= code;
      stopping.abort();
    },
    signal: stopping.signal,
  };
  await program.start(context);
  return {
    context,
    client: network.attach('10.0.0.2', { pod: 'here/client' }),
    logged,
    ready: () => ready,
    exited: () => status,
    stop: () => stopping.abort(),
  };
}
