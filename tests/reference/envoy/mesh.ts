import { runBatch } from '../../../fixtures/agent/batch.ts';
import { EchoService } from '../../../fixtures/agent/echo.ts';
import type { Observation, ProbeRequest } from '../../../fixtures/agent/protocol.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { entryOfConnection, entryOfProbe } from '../../../fixtures/verdicts/access-log.ts';
import { classify } from '../../../fixtures/verdicts/classify.ts';
import type { Verdict } from '../../../fixtures/verdicts/verdict.ts';
import type { CheckRequest, CheckResult } from '../../../reference/calico/check.ts';
import type { ControlPlane, EnvoyDependencies } from '../../../reference/envoy/dependencies.ts';
import { envoyProgram, gatewayProgram } from '../../../reference/envoy/programs.ts';
import type { Asking } from '../../../reference/istio/envoy-filter.ts';
import type { PortProtocol } from '../../../reference/istio/ports.ts';
import type { Route, UpstreamEndpoint } from '../../../reference/istio/route.ts';
import { MeshAuthority } from '../../../reference/network/certificates.ts';
import type { NetworkInterface, VirtualSocket } from '../../../reference/network/interface.ts';
import { VirtualNetwork } from '../../../reference/network/virtual-network.ts';
import { type EnvoyRules, envoyRules } from '../../../reference/rules/envoy.ts';
import { istioRules } from '../../../reference/rules/istio.ts';
import type { ContainerContext } from '../../../reference/workloads/program.ts';

export const addresses = {
  gateway: '10.0.0.1',
  echo: '10.0.0.2',
  client: '10.0.0.3',
  plain: '10.0.0.4',
  outside: '172.16.0.9',
  service: '10.96.0.1',
} as const;

export type Name = 'gateway' | 'echo' | 'client' | 'plain' | 'outside';

/** What runs in one place, and what its proxy has logged. */
interface Running {
  network: NetworkInterface;
  log: string[];
  stop: AbortController;
}

/**
 * A gateway, a mesh workload `echo` behind the Service address 10.96.0.1, a mesh `client`, a `plain` pod and a host
 * outside, on a real virtual network. What istiod, Dikastes and Felix say is set by the test.
 */
export class Mesh {
  readonly places = new Map<Name, Running>();
  readonly authority: MeshAuthority;
  /** What Dikastes was asked. */
  readonly asked: CheckRequest[] = [];
  /** Addresses to which Felix drops new connections. */
  readonly dropped = new Set<string>();
  /** How often a connection to an address was tried. */
  readonly tried: string[] = [];
  dikastes: (request: CheckRequest) => CheckResult = () => 'OK';
  asks: Asking = 'fails closed';
  mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE' = 'STRICT';
  protocol: PortProtocol = 'http';
  gatewayPorts = [{ port: 8080, serverPort: 80 }];
  endpoint: UpstreamEndpoint = { address: addresses.echo, port: 8080, tls: 'mutual' };
  route: Route;
  readonly #changed = new Set<() => void>();
  #probes = 0;

  private constructor(authority: MeshAuthority) {
    this.authority = authority;
    this.route = this.cluster();
  }

  static async start(options: { rules?: Partial<EnvoyRules>; timeScale?: number } = {}): Promise<Mesh> {
    const mesh = new Mesh(await sharedAuthority);
    const network = new VirtualNetwork({
      permits: ({ destination }) => {
        mesh.tried.push(destination);
        return !mesh.dropped.has(destination);
      },
      resolve: () => undefined,
      balance: (address) =>
        address === addresses.service ? { address: addresses.echo, port: 8080 } : undefined,
    });
    const dependencies: EnvoyDependencies = {
      istiod: mesh.#istiod(),
      dikastes: {
        ask: (_pod, request) => {
          mesh.asked.push(request);
          return mesh.dikastes(request);
        },
      },
      identities: mesh.authority,
      rules: { ...envoyRules, ...options.rules },
      judgePeer: istioRules.judgePeer,
      timeScale: options.timeScale ?? 0.002,
      watch: (listener) => {
        mesh.#changed.add(listener);
        return () => mesh.#changed.delete(listener);
      },
    };
    for (const name of ['gateway', 'echo', 'client', 'plain', 'outside'] as const) {
      const owner = name === 'outside' ? { host: true } : { pod: `default/${name}` };
      const place = { network: network.attach(addresses[name], owner), log: [], stop: new AbortController() };
      mesh.places.set(name, place);
    }
    const sidecar = envoyProgram(dependencies);
    await gatewayProgram(dependencies).start(mesh.#context('gateway'));
    await sidecar.start(mesh.#context('echo'));
    await sidecar.start(mesh.#context('client'));
    for (const name of ['echo', 'plain'] as const) {
      const echo = new EchoService({ pod: name, namespace: 'default' });
      mesh.at(name).network.listen(8080, (socket) => void echo.serve(socket));
    }
    return mesh;
  }

  at(name: Name): Running {
    return this.places.get(name)!;
  }

  cluster(change: Partial<Extract<Route, { kind: 'cluster' }>> = {}): Route {
    return {
      kind: 'cluster',
      cluster: 'outbound|80||echo.default.svc.cluster.local',
      speaks: this.protocol,
      endpoints: [this.endpoint],
      attempts: 3,
      connectTimeoutMs: 10_000,
      ...change,
    };
  }

  /** Tells the proxies that something has changed. */
  changed(): void {
    for (const listener of this.#changed) listener();
  }

  /** Sends requests from one place, all at once unless they share a connection. */
  async send(from: Name, ...requests: Asked[]): Promise<Seen[]> {
    const probes = requests.map((asked) => this.#probe(from, asked));
    const { network } = this.at(from);
    const observations = await runBatch(probes, {
      connect: ({ host, port }) => network.connect({ host, port }),
    });
    return observations.map((observation, index) => this.#seen(observation, probes[index]!));
  }

  async get(from: Name, target = '/', asked: Asked = {}): Promise<Seen> {
    const [seen] = await this.send(from, { target, ...asked });
    return seen!;
  }

  /** Connects from one place to any other, for bytes that are no probe. */
  connect(from: Name, host: string, port: number): VirtualSocket {
    return this.at(from).network.connect({ host, port });
  }

  close(): void {
    for (const { stop } of this.places.values()) stop.abort();
  }

  #probe(from: Name, { method = 'GET', target = '/', headers, body, ...rest }: Asked): ProbeRequest {
    this.#probes += 1;
    const to =
      from === 'outside' ? { host: addresses.gateway, port: 8080 } : { host: addresses.service, port: 80 };
    return {
      id: `probe-${this.#probes}`,
      ...to,
      protocol: 'http/1.1',
      http: { method, target, ...(headers && { headers }), ...(body !== undefined && { body }) },
      connectTimeoutMs: 300,
      timeoutMs: 3_000,
      ...rest,
    };
  }

  #seen(observation: Observation, { id }: ProbeRequest): Seen {
    const logOf = (name: Name) => this.at(name).log.join('\n');
    const server =
      entryOfProbe(logOf('echo'), 'echo', id) ??
      (observation.local === undefined
        ? undefined
        : entryOfConnection(logOf('echo'), 'echo', observation.local));
    const client =
      entryOfProbe(logOf('gateway'), 'gateway', id) ?? entryOfProbe(logOf('client'), 'client', id);
    const isApplication = ({ headers }: { headers: Record<string, unknown> }) =>
      headers['x-alp-echo'] !== undefined;
    const verdict = classify(observation, { isApplication, server, client });
    return { observation, verdict, server: server?.line, client: client?.line };
  }

  #context(name: Name): ContainerContext {
    const { network, log, stop } = this.at(name);
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'default',
        labels: name === 'gateway' ? { istio: 'ingressgateway' } : { app: name },
        annotations: {
          'traffic.sidecar.istio.io/excludeInboundPorts': '8083',
          'traffic.sidecar.istio.io/excludeOutboundPorts': '7001, 7002',
        },
      },
      spec: { serviceAccountName: name },
    };
    return {
      pod,
      container: { name: 'istio-proxy', image: 'proxyv2' },
      network,
      env: {},
      log: (line) => log.push(line),
      ready: () => {},
      exit: () => stop.abort(),
      signal: stop.signal,
    };
  }

  #istiod(): ControlPlane {
    return {
      inboundMode: () => this.mode,
      asksDikastes: () => this.asks,
      logsAccess: () => true,
      gatewayPorts: () => this.gatewayPorts,
      routeAtGateway: () => this.route,
      routeFromSidecar: (_pod, { address }) =>
        address === addresses.service ? this.route : { kind: 'passthrough' },
      protocolOf: () => this.protocol,
      outboundProtocol: () => this.protocol,
      configDump: () => [],
    };
  }
}

/** A request, with whatever of its probe is not as usual. */
export type Asked = Partial<Omit<ProbeRequest, 'http'> & NonNullable<ProbeRequest['http']>>;

export interface Seen {
  observation: Observation;
  verdict: Verdict;
  /** The access log lines of the sidecar beside the application, and of the gateway or the client's sidecar. */
  server: string | undefined;
  client: string | undefined;
}

const sharedAuthority = MeshAuthority.create();
