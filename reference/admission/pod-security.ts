import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { keyOf } from '../store/resource-type.ts';
import { forbiddenObject } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';

interface Security {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type?: string };
}

interface Container {
  name: string;
  securityContext?: Security;
}

interface PodSpec {
  hostNetwork?: boolean;
  securityContext?: Security;
  initContainers?: Container[];
  containers: Container[];
  volumes?: { name: string; [type: string]: unknown }[];
}

/** A violation: its reason, and what is wrong in detail; undefined when there is none. */
type Rule = (spec: PodSpec) => [reason: string, detail: string] | undefined;

/** What the standard `baseline` rules out, as far as pods here can have it. */
const baseline: readonly Rule[] = [
  ({ hostNetwork }) => (hostNetwork ? ['host namespaces', 'hostNetwork=true'] : undefined),
  (spec) => {
    const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.privileged);
    return violation('privileged', bad, 'must not set securityContext.privileged=true');
  },
  ({ volumes = [] }) => {
    const bad = volumes.filter(({ hostPath }) => hostPath !== undefined);
    return bad.length === 0 ? undefined : ['hostPath volumes', `volume ${quoted(bad)}`];
  },
];

const withoutPrivileges: Rule = (spec) => {
  const added = addedBy(spec, (capability) => defaultCapabilities.has(capability));
  return added === undefined ? undefined : ['non-default capabilities', added];
};

/** What `restricted` rules out besides. */
const restricted: readonly Rule[] = [
  (spec) =>
    violation(
      'allowPrivilegeEscalation != false',
      containersOf(spec).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false),
      'must set securityContext.allowPrivilegeEscalation=false',
    ),
  (spec) => {
    const keeping = containersOf(spec).filter(
      ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'),
    );
    const kept = violation('', keeping, 'must set securityContext.capabilities.drop=["ALL"]')?.[1];
    const added = addedBy(spec, (capability) => capability === 'NET_BIND_SERVICE');
    const details = [kept, added].filter((detail) => detail !== undefined);
    return details.length === 0 ? undefined : ['unrestricted capabilities', details.join('; ')];
  },
  ({ volumes = [] }) => {
    const bad = volumes.filter((volume) => Object.keys(volume).every((type) => !coreVolumes.has(type)));
    return bad.length === 0
      ? undefined
      : ['restricted volume types', `volume ${quoted(bad)} uses a restricted volume type`];
  },
  (spec) => {
    const all = containersOf(spec);
    const bad = all.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
    if (bad.length > 0) {
      return violation('runAsNonRoot != true', bad, 'must not set securityContext.runAsNonRoot=false');
    }
    if (spec.securityContext?.runAsNonRoot) return undefined;
    const silent = all.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
    return violation('runAsNonRoot != true', silent, 'must set securityContext.runAsNonRoot=true', 'pod or ');
  },
  (spec) =>
    violation(
      'runAsUser=0',
      containersOf(spec).filter(({ securityContext }) => securityContext?.runAsUser === 0),
      'must not set runAsUser=0',
    ),
  (spec) => {
    if (isConfining(spec.securityContext)) return undefined;
    const bad = containersOf(spec).filter(({ securityContext }) => !isConfining(securityContext));
    const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
    return violation('seccompProfile', bad, must, 'pod or ');
  },
];

/** The rules of each standard; what is not named is `privileged`, which rules out nothing. */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  baseline: [...baseline, withoutPrivileges],
  restricted: [...baseline, ...restricted],
};

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const coreVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const levelLabel = 'pod-security.kubernetes.io/enforce';

/**
 * Pod Security Admission: refuses pods that the standard on their namespace's label rules out, in the words of a real
 * API server (Kubernetes `staging/src/k8s.io/pod-security-admission/policy`). Where no label is, nothing is refused.
 */
export function podSecurity(store: Store): AdmissionPlugin {
  return {
    validate: ({ operation, type, object }) => {
      if (operation !== 'CREATE' || keyOf(type) !== 'Pod') return;
      const { namespace = '', name } = object.metadata;
      const level = store.find('Namespace', namespace)?.metadata.labels?.[levelLabel] ?? 'privileged';
      const found = violationsOf(object, level);
      if (found.length === 0) return;
      throw forbiddenObject(type, name, `violates PodSecurity "${level}:latest": ${found.join(', ')}`);
    },
  };
}

/** What of a pod a standard rules out, one text each. */
export function violationsOf(pod: KubeObject, level: string): string[] {
  const spec = pod.spec as PodSpec;
  return (rules[level] ?? [])
    .map((rule) => rule(spec))
    .filter((violation) => violation !== undefined)
    .map(([reason, detail]) => `${reason} (${detail})`);
}

function containersOf({ initContainers = [], containers }: PodSpec): Container[] {
  return [...initContainers, ...containers];
}

function violation(
  reason: string,
  containers: readonly Container[],
  what: string,
  before = '',
): [string, string] | undefined {
  if (containers.length === 0) return undefined;
  const noun = containers.length === 1 ? 'container' : 'containers';
  return [reason, `${before}${noun} ${quoted(containers)} ${what}`];
}

/** Which containers add which capabilities that are not allowed; undefined: none do. */
function addedBy(spec: PodSpec, isAllowed: (capability: string) => boolean): string | undefined {
  const adding = containersOf(spec).filter(({ securityContext }) =>
    securityContext?.capabilities?.add?.some((capability) => !isAllowed(capability)),
  );
  const added = adding.flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []);
  const names = [...new Set(added)].filter((capability) => !isAllowed(capability)).sort();
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  return violation('', adding, `must not include ${list} in securityContext.capabilities.add`)?.[1];
}

function isConfining(security: Security | undefined): boolean {
  const type = security?.seccompProfile?.type;
  return type === 'RuntimeDefault' || type === 'Localhost';
}

function quoted(named: readonly { name: string }[]): string {
  return named.map(({ name }) => JSON.stringify(name)).join(', ');
}
