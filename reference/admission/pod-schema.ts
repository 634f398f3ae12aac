import { metadata } from './metadata-schema.ts';
import { fieldsOf, flag, integer, listOf, oneOf, struct, text, textMap } from './schema.ts';

const containerPort = fieldsOf(
  {
    name: text,
    containerPort: integer,
    hostPort: integer,
    hostIP: text,
    protocol: oneOf('TCP', 'UDP', 'SCTP'),
  },
  { required: ['containerPort'] },
);

const volumeMount = fieldsOf(
  {
    name: text,
    mountPath: text,
    mountPropagation: text,
    readOnly: flag,
    recursiveReadOnly: text,
    subPath: text,
    subPathExpr: text,
  },
  { required: ['name', 'mountPath'] },
);

const container = fieldsOf(
  {
    name: text,
    image: text,
    imagePullPolicy: text,
    command: listOf(text),
    args: listOf(text),
    workingDir: text,
    ports: listOf(containerPort),
    env: listOf(fieldsOf({ name: text, value: text, valueFrom: struct }, { required: ['name'] })),
    envFrom: listOf(struct),
    resources: struct,
    resizePolicy: listOf(struct),
    restartPolicy: text,
    restartPolicyRules: listOf(struct),
    volumeMounts: listOf(volumeMount),
    volumeDevices: listOf(struct),
    livenessProbe: struct,
    readinessProbe: struct,
    startupProbe: struct,
    lifecycle: struct,
    terminationMessagePath: text,
    terminationMessagePolicy: text,
    securityContext: struct,
    stdin: flag,
    stdinOnce: flag,
    tty: flag,
    targetContainerName: text,
  },
  { required: ['name', 'image'] },
);

/** `PodSpec` (Kubernetes API reference, 1.35). */
export const podSpec = fieldsOf(
  {
    initContainers: listOf(container),
    containers: listOf(container),
    ephemeralContainers: listOf(container),
    volumes: listOf(struct),
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
    terminationGracePeriodSeconds: integer,
    activeDeadlineSeconds: integer,
    serviceAccountName: text,
    serviceAccount: text,
    automountServiceAccountToken: flag,
    imagePullSecrets: listOf(struct),
    enableServiceLinks: flag,
    nodeName: text,
    nodeSelector: textMap,
    affinity: struct,
    tolerations: listOf(struct),
    topologySpreadConstraints: listOf(struct),
    schedulerName: text,
    schedulingGates: listOf(struct),
    priority: integer,
    priorityClassName: text,
    preemptionPolicy: text,
    runtimeClassName: text,
    overhead: struct,
    readinessGates: listOf(struct),
    resources: struct,
    resourceClaims: listOf(struct),
    workloadRef: struct,
    hostNetwork: flag,
    hostPID: flag,
    hostIPC: flag,
    hostUsers: flag,
    shareProcessNamespace: flag,
    securityContext: struct,
    os: struct,
    hostname: text,
    hostnameOverride: text,
    subdomain: text,
    setHostnameAsFQDN: flag,
    hostAliases: listOf(struct),
    dnsPolicy: text,
    dnsConfig: struct,
  },
  { required: ['containers'] },
);

export const podTemplate = fieldsOf({ metadata, spec: podSpec }, { required: ['spec'] });
