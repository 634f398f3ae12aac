import { createConnection } from 'node:net';
import { runBatch } from '../../fixtures/agent/batch.ts';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { GET } from '../../fixtures/probes/request.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import type { GatewayFacts } from '../../fixtures/run.ts';
import { isShop } from '../../fixtures/shop/recognise.ts';
import { type Address, parseAddress, writeAddress } from './address.ts';
import { gatewayOf } from './gateway.ts';
import type { Step } from './step.ts';

export const ingressAddress: Step = {
  title: 'Determining the ingress IP and ports',
  changes: 'nothing; finds out where the gateway is reached from here',
  present: async () => false,
  apply: async (walk) => {
    const { cluster, run } = walk;
    const candidates =
      run.ingress === undefined
        ? await candidateAddresses(cluster, await gatewayOf(walk))
        : [parseAddress(run.ingress)];
    // The gateway listens only once it has learned of the Gateway made a moment ago.
    const ingress = await pollFor(() => firstReachable(candidates), {
      intervalMs: 250,
      timeoutMs: 30_000,
      what: 'the gateway to listen',
    }).catch(() => {
      const tried = candidates.map(writeAddress).join(', ') || 'no address';
      throw new Error(
        `the gateway cannot be reached from here (tried ${tried}); give its address with --ingress http://HOST:PORT.`,
      );
    });
    walk.learn({ ingress });
  },
  verify: async (walk) => {
    const route: Route = {
      name: 'outside -> gateway',
      ...(walk.facts.ingress as Address),
      connectTimeoutMs: 5_000,
      timeoutMs: 45_000,
      send: runBatch,
      isApplication: isShop,
    };
    // Whether the shop is served or denied is for the specs to judge; here the gateway must have its route.
    await walk.awaitVerdicts(route, [[GET('/'), ['allowed', 'denied by felix', 'denied, cause unseen']]], {
      withinMs: 60_000,
    });
  },
};

/** The load balancer's address first, then a node port on every node. */
async function candidateAddresses(
  cluster: Cluster,
  { namespace, name }: Pick<GatewayFacts, 'namespace' | 'name'>,
): Promise<Address[]> {
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  const nodes = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  return addressesOf(service, nodes);
}

export function addressesOf(service: KubeObject, nodes: readonly KubeObject[]): Address[] {
  const { ports = [] } = service.spec as { ports?: { port: number; nodePort?: number }[] };
  const http = ports.find(({ port }) => port === 80);
  const { loadBalancer } = (service.status ?? {}) as {
    loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] };
  };
  const balanced = (loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const nodeAddresses = nodes.flatMap((node) => {
    const { addresses = [] } = node.status as { addresses?: { type: string; address: string }[] };
    return addresses
      .filter(({ type }) => type === 'ExternalIP' || type === 'InternalIP')
      .map(({ address }) => address);
  });
  const { nodePort } = http ?? {};
  return [
    ...balanced.map((host) => ({ host, port: 80 })),
    ...(nodePort === undefined ? [] : nodeAddresses.map((host) => ({ host, port: nodePort }))),
  ];
}

async function firstReachable(candidates: readonly Address[]): Promise<Address | undefined> {
  const reachable = await Promise.all(candidates.map(accepts));
  return candidates.find((_, index) => reachable[index]);
}

function accepts({ host, port }: Address): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection({ host, port, timeout: 3_000 });
  const end = (answer: boolean) => () => {
    socket.destroy();
    resolve(answer);
  };
  socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  return promise;
}
