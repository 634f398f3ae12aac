import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { askForDikastes } from '../../../fixtures/injector/ask.ts';
import { accessLogging, agentFiles, namespace } from '../../../fixtures/sandbox/manifests.ts';
import { gatewayHosts } from './gateway-hosts.ts';

/** The ports of the server, by what the Service calls them; 8083 is for those who know the pod's address. */
export const serverPorts = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-second', port: 81, targetPort: 8081 },
  { name: 'http-third', port: 82, targetPort: 8082 },
  { name: 'grpc', port: 9000, targetPort: 9000 },
  { name: 'tcp-echo', port: 9001, targetPort: 9001 },
  { name: 'tcp-banner', port: 9002, targetPort: 9002 },
] as const;

/** A port that no sidecar captures. */
const bypassedPort = 8083;
const httpPorts = [8080, 8081, 8082, bypassedPort, 9000];

/** Where the server speaks first. */
export const bannerPort = 9002;

const injected = { 'istio-injection': 'enabled' };
const meshNamespaces = ['srv', 'ma', 'mb'] as const;
const servers = ['echo', 'lonely'] as const;

interface PodOptions {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  serviceAccountName?: string;
  /** Serves on the server's ports; on 8080 only when absent. */
  server?: boolean;
}

/**
 * The namespaces, service accounts, pods and Services that the measured rows speak of
 * (`recorded/extended/README.md`), beside the shop.
 */
export const inhabitants: readonly KubeObject[] = [
  namespace('srv', { team: 'blue', ...injected }),
  namespace('ma', { team: 'red', ...injected }),
  namespace('mb', { team: 'green', ...injected }),
  namespace('client'),
  ...[...meshNamespaces, 'client'].map((name) => agentFiles(name)),
  ...meshNamespaces.map((name) => accessLogging('access-log', name)),
  account('srv', 'srv', { svc: 'srv' }),
  account('srv', 'alice', { role: 'reader' }),
  account('ma', 'alice', { role: 'reader' }),
  account('ma', 'bob'),
  account('mb', 'alice', { role: 'reader' }),
  pod('srv', 'echo', {
    labels: { serves: 'echo' },
    serviceAccountName: 'srv',
    server: true,
    annotations: {
      ...askForDikastes('1.28.10'),
      'traffic.sidecar.istio.io/excludeInboundPorts': String(bypassedPort),
    },
  }),
  pod('srv', 'lonely', { labels: { serves: 'lonely' }, server: true }),
  pod('srv', 'clone', { labels: { app: 'echo', serves: 'clone', ...uninjected() }, server: true }),
  pod('srv', 'alice', { serviceAccountName: 'alice' }),
  pod('ma', 'alice', { serviceAccountName: 'alice' }),
  pod('ma', 'bob', { serviceAccountName: 'bob' }),
  pod('mb', 'alice', { serviceAccountName: 'alice' }),
  pod('ma', 'plain-alice', { labels: uninjected(), serviceAccountName: 'alice' }),
  pod('ma', 'plain-bob', { labels: uninjected(), serviceAccountName: 'bob' }),
  pod('client', 'plain', {}),
  ...servers.map((name) => service(name, name)),
  service('cold', 'echo'),
  service('unused', 'echo'),
  ...gatewayHosts,
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'DestinationRule',
    metadata: { name: 'cold', namespace: 'srv' },
    spec: {
      host: 'cold.srv.svc.cluster.local',
      trafficPolicy: {
        connectionPool: { http: { maxRequestsPerConnection: 1 }, tcp: { connectTimeout: '1s' } },
      },
    },
  },
];

function account(namespace: string, name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } };
}

function uninjected(): Record<string, string> {
  return { 'sidecar.istio.io/inject': 'false' };
}

/** A pod that serves the suite's echo, and that probes are sent from. */
export function pod(
  namespace: string,
  name: string,
  { labels = {}, annotations = {}, serviceAccountName, server = false }: PodOptions,
): KubeObject {
  const serves = server
    ? ['--port', httpPorts.join(','), '--tcp', '9001', '--banner', String(bannerPort)]
    : ['--port', '8080'];
  const ports = server
    ? [
        { name: 'web', containerPort: 8080 },
        { name: 'web2', containerPort: 8081 },
        ...[8082, bypassedPort, 9000, 9001, 9002].map((containerPort) => ({ containerPort })),
      ]
    : [{ containerPort: 8080 }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name, ...labels }, annotations },
    spec: {
      ...(serviceAccountName && { serviceAccountName }),
      containers: [
        {
          name: 'agent',
          image: 'node:24-alpine',
          command: ['node', '/agent/agent.ts', 'serve', ...serves],
          env: [
            { name: 'POD_NAME', value: name },
            { name: 'POD_NAMESPACE', value: namespace },
          ],
          ports,
          volumeMounts: [{ name: 'agent', mountPath: '/agent', readOnly: true }],
        },
      ],
      volumes: [{ name: 'agent', configMap: { name: 'agent' } }],
    },
  };
}

function service(name: string, serves: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'srv' },
    spec: { selector: { serves }, ports: [...serverPorts] },
  };
}
