import { rootNamespace, trustDomain } from '../names.ts';

/** Ports that the sidecar keeps for itself. */
const statusPort = 15021;
const statisticsPort = 15090;

export function proxyImage(version: string): string {
  return `docker.io/istio/proxyv2:${version}`;
}

/** The readiness probe of every proxy: it is ready when it has its configuration. */
export const proxyReadiness = {
  httpGet: { path: '/healthz/ready', port: statusPort },
  initialDelaySeconds: 0,
  periodSeconds: 15,
  timeoutSeconds: 3,
  failureThreshold: 4,
};

export const proxyEnv = [
  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  { name: 'INSTANCE_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  { name: 'SERVICE_ACCOUNT', valueFrom: { fieldRef: { fieldPath: 'spec.serviceAccountName' } } },
  { name: 'CA_ADDR', value: `istiod.${rootNamespace}.svc:15012` },
  { name: 'TRUST_DOMAIN', value: trustDomain },
];

const workloadUser = { runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true };

const volumeMounts = [
  { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds' },
  { name: 'istio-data', mountPath: '/var/lib/istio/data' },
  { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
];

const volumes = [
  { name: 'workload-socket', emptyDir: {} },
  { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
  { name: 'istio-data', emptyDir: {} },
];

function proxy(version: string, role: 'sidecar' | 'router'): object {
  return {
    name: 'istio-proxy',
    image: proxyImage(version),
    args: [
      'proxy',
      role,
      '--domain',
      `$(POD_NAMESPACE).svc.${trustDomain}`,
      '--log_output_level=default:info',
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: statisticsPort, protocol: 'TCP' }],
    env: proxyEnv,
    readinessProbe: proxyReadiness,
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      ...workloadUser,
    },
    volumeMounts,
  };
}

const root = { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false };

/**
 * What a pod gets beside its own containers: one that redirects its traffic, or, where the CNI plugin has done so,
 * looks whether it was done, and a native sidecar that takes it.
 */
export function sidecarTemplate(version: string, { cni = false }: { cni?: boolean } = {}): object {
  const redirect = {
    name: cni ? 'istio-validation' : 'istio-init',
    image: proxyImage(version),
    args: [
      'istio-iptables',
      '-p',
      '15001',
      '-z',
      '15006',
      '-u',
      '1337',
      '-m',
      'REDIRECT',
      '-i',
      '*',
      '-b',
      '*',
      ...(cni ? ['--run-validation', '--skip-rule-apply'] : []),
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      capabilities: { ...(!cni && { add: ['NET_ADMIN', 'NET_RAW'] }), drop: ['ALL'] },
      ...(cni ? workloadUser : root),
    },
  };
  return {
    metadata: { labels: { 'security.istio.io/tlsMode': 'istio' } },
    spec: {
      initContainers: [redirect, { ...proxy(version, 'sidecar'), restartPolicy: 'Always' }],
      volumes,
    },
  };
}

/** What makes a pod of an empty `istio-proxy` container a gateway. */
export function gatewayTemplate(version: string): object {
  return { spec: { containers: [proxy(version, 'router')], volumes } };
}
