import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ContainerContext, Program } from '../workloads/program.ts';
import type { EnvoyDependencies } from './dependencies.ts';
import { reachIstiod } from './discovery.ts';
import { Envoy } from './envoy.ts';
import { isExcluded } from './excluded-ports.ts';
import { IngressGateway } from './gateway.ts';
import { Inbound } from './inbound.ts';
import { Outbound } from './outbound.ts';
import { runPilotAgent } from './pilot-agent.ts';

export type { EnvoyDependencies } from './dependencies.ts';

const containerName = 'istio-proxy';

/** The sidecar: takes over every connection into and out of its pod for as long as it runs. */
export function envoyProgram(dependencies: EnvoyDependencies): Program {
  return program(dependencies, {
    runs: (pod) => !isGateway(pod),
    listen: (proxy) => {
      const { network, pod, signal } = proxy.context;
      const inbound = new Inbound(proxy);
      const outbound = new Outbound(proxy);
      const capture = {
        inbound: inbound.accept.bind(inbound),
        outbound: outbound.accept.bind(outbound),
        excludes: (direction: 'inbound' | 'outbound', port: number) => isExcluded(pod, direction, port),
      };
      network.capture = capture;
      signal.addEventListener('abort', () => {
        // One that was started since has taken its place.
        if (network.capture === capture) network.capture = {};
      });
    },
  });
}

/** The ingress gateway, which listens on ports of its own. */
export function gatewayProgram(dependencies: EnvoyDependencies): Program {
  return program(dependencies, {
    runs: isGateway,
    listen: (proxy) => void new IngressGateway(proxy),
  });
}

interface Kind {
  runs: (pod: KubeObject) => boolean;
  listen: (proxy: Envoy) => void;
}

function program(dependencies: EnvoyDependencies, { runs, listen }: Kind): Program {
  const running = new WeakMap<ContainerContext['network'], Envoy>();
  return {
    runs: ({ name }, pod) => name === containerName && runs(pod),
    start: async (context) => {
      const { discovery, timeScale } = dependencies;
      if (discovery !== undefined) await reachIstiod(context, discovery, timeScale);
      const proxy = await Envoy.start(context, dependencies);
      if (context.signal.aborted) return;
      running.set(context.network, proxy);
      listen(proxy);
      context.ready(true);
    },
    exec: async ({ network }, command, streams) => {
      const proxy = running.get(network);
      return proxy === undefined ? undefined : runPilotAgent(proxy, command, streams);
    },
  };
}

function isGateway({ metadata }: KubeObject): boolean {
  return metadata.labels?.istio === 'ingressgateway';
}
