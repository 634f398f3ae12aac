import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type EnvoyDependencies, envoyProgram, gatewayProgram } from '../../../reference/envoy/programs.ts';
import { MeshAuthority } from '../../../reference/network/certificates.ts';
import { VirtualNetwork } from '../../../reference/network/virtual-network.ts';
import { envoyRules } from '../../../reference/rules/envoy.ts';
import { istioRules } from '../../../reference/rules/istio.ts';
import type { ContainerContext } from '../../../reference/workloads/program.ts';

const type = 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump';
const dump = [{ '@type': type, dynamic_listeners: [{ name: 'virtualInbound' }] }];

async function dependencies(): Promise<EnvoyDependencies> {
  const nothing = { kind: 'not found' } as const;
  return {
    istiod: {
      inboundMode: () => 'STRICT',
      asksDikastes: () => 'fails closed',
      logsAccess: () => true,
      gatewayPorts: () => [{ port: 8080, serverPort: 80 }],
      routeAtGateway: () => nothing,
      routeFromSidecar: () => nothing,
      protocolOf: () => 'http',
      outboundProtocol: () => 'http',
      configDump: () => dump,
    },
    dikastes: { ask: () => 'OK' },
    identities: await MeshAuthority.create(),
    rules: envoyRules,
    judgePeer: istioRules.judgePeer,
    timeScale: 1,
    watch: () => () => {},
  };
}

function podWith(labels: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'b', labels } };
}

const gatewayPod = podWith({ istio: 'ingressgateway' });
const injectedPod = podWith({ app: 'echo' });
const container = { name: 'istio-proxy', image: 'proxyv2' };

function contextOf(pod: KubeObject) {
  const network = new VirtualNetwork({
    permits: () => true,
    resolve: () => undefined,
    balance: () => undefined,
  });
  const stop = new AbortController();
  const states: boolean[] = [];
  const context: ContainerContext = {
    pod,
    container,
    network: network.attach('10.0.0.1', {}),
    env: {},
    log: () => {},
    ready: (state) => states.push(state),
    exit: () => stop.abort(),
    signal: stop.signal,
  };
  return { context, stop, states };
}

test('a container named istio-proxy is a gateway or a sidecar, by its pod', async () => {
  const given = await dependencies();
  const [sidecar, gateway] = [envoyProgram(given), gatewayProgram(given)];
  expect([sidecar.runs(container, injectedPod), gateway.runs(container, injectedPod)]).toEqual([true, false]);
  expect([sidecar.runs(container, gatewayPod), gateway.runs(container, gatewayPod)]).toEqual([false, true]);
  expect(sidecar.runs({ ...container, name: 'server' }, injectedPod)).toBe(false);
});

test('a sidecar takes its pod over while it runs', async () => {
  const { context, stop, states } = contextOf(injectedPod);
  await envoyProgram(await dependencies()).start(context);
  expect(states).toEqual([true]);
  const running = expect.any(Function);
  expect(context.network.capture).toEqual({ inbound: running, outbound: running, excludes: running });
  stop.abort();
  expect(context.network.capture).toEqual({});
});

test('a sidecar is ready once it has reached istiod, and not before', async () => {
  const discovery = { host: '10.0.0.2', port: 15_012 };
  const { context, stop, states } = contextOf(injectedPod);
  const starting = envoyProgram({ ...(await dependencies()), discovery, timeScale: 0.01 }).start(context);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(states).toEqual([]);
  // The network that the pod is on knows no other place, so one of its own stands for istiod.
  context.network.listen(discovery.port, (socket) => socket.end());
  Object.assign(discovery, { host: context.network.address });
  await starting;
  expect(states).toEqual([true]);
  stop.abort();
});

test('a gateway captures nothing, and gives its ports back', async () => {
  const { context, stop } = contextOf(gatewayPod);
  await gatewayProgram(await dependencies()).start(context);
  expect(context.network.capture).toEqual({});
  expect(() => context.network.listen(8080, () => {})).toThrow('EADDRINUSE');
  stop.abort();
  for (const port of [8080, 15021]) context.network.listen(port, () => {});
});

const commands: [command: string[], status: number | undefined, stdout: RegExp, stderr: RegExp][] = [
  [
    ['pilot-agent', 'request', 'GET', 'config_dump?resource=dynamic_listeners'],
    0,
    /^\{\s*"configs": \[\s*\{\s*"@type": "[\w./]+ListenersConfigDump\.DynamicListener",\s*"name": "virtualInbound"\s*\}\s*\]\s*\}\n$/,
    /^$/,
  ],
  [
    ['pilot-agent', 'request', 'GET', 'config_dump'],
    0,
    // The chain is there, and where its key would be, "[redacted]" as Envoy writes it.
    /ListenersConfigDump[\s\S]*SecretsConfigDump[\s\S]*"inline_bytes": "LS0tLS1CRUdJTi[\s\S]*"inline_bytes": "W3JlZGFjdGVkXQ=="/,
    /^$/,
  ],
  [['/usr/local/bin/pilot-agent', 'request', 'GET', '/stats'], 0, /server\.concurrency: 2/, /^$/],
  [['pilot-agent', 'request', 'GET', 'server_info'], 0, /"state":"LIVE"/, /^$/],
  [['pilot-agent', 'request', 'GET', 'nothing'], 1, /^$/, /has no page nothing/],
  [['pilot-agent', 'request', 'POST', 'quitquitquit'], 1, /^$/, /^Error: /],
  [['sh'], undefined, /^$/, /^$/],
];

for (const [command, status, stdout, stderr] of commands) {
  test(`${command.join(' ')} ends with ${status}`, async () => {
    const { context, stop } = contextOf(injectedPod);
    const program = envoyProgram(await dependencies());
    await program.start(context);
    const said = { out: '', err: '' };
    const result = await program.exec?.(context, command, {
      stdin: (async function* () {})(),
      stdout: (chunk) => {
        said.out += chunk;
      },
      stderr: (chunk) => {
        said.err += chunk;
      },
      signal: stop.signal,
    });
    expect(result).toBe(status);
    expect(said.out).toMatch(stdout);
    expect(said.err).toMatch(stderr);
    stop.abort();
  });
}
