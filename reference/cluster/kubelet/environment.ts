import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Store } from '../../store/store.ts';
import type { ContainerSpec } from '../../workloads/program.ts';

/** What a container's environment asks for is not there; the container waits until it is. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}

interface ValueSource {
  fieldRef?: { fieldPath: string };
  configMapKeyRef?: KeyRef;
  secretKeyRef?: KeyRef;
}

interface EnvFrom {
  prefix?: string;
  configMapRef?: { name: string; optional?: boolean };
  secretRef?: { name: string; optional?: boolean };
}

/**
 * The environment of a container. What only a real node could tell (`resourceFieldRef`) is left out.
 *
 * @throws ConfigError when a ConfigMap, a Secret or a key of it is missing and not optional.
 */
export function environmentOf(
  store: Store,
  pod: KubeObject,
  container: ContainerSpec,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const source of (container.envFrom ?? []) as EnvFrom[]) {
    for (const [key, value] of Object.entries(wholeOf(store, pod, source))) {
      env[`${source.prefix ?? ''}${key}`] = value;
    }
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const given =
      valueFrom == null ? expand(value ?? '', env) : sourced(store, pod, valueFrom as ValueSource);
    if (given !== undefined) env[name] = given;
  }
  return env;
}

/** `$(NAME)` stands for a variable that came before; `$$` for a dollar sign. */
function expand(value: string, env: Readonly<Record<string, string>>): string {
  return value.replace(/\$\$|\$\(([^)]*)\)/g, (found, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? found),
  );
}

function sourced(store: Store, pod: KubeObject, source: ValueSource): string | undefined {
  const { fieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef !== undefined) return fieldOf(pod, fieldRef.fieldPath);
  if (configMapKeyRef !== undefined) return keyOf(store, pod, 'ConfigMap', configMapKeyRef);
  if (secretKeyRef !== undefined) return keyOf(store, pod, 'Secret', secretKeyRef);
  return undefined;
}

/** A field by the paths of the downward API, such as `metadata.labels['app']`; empty when the pod has none. */
function fieldOf(pod: KubeObject, path: string): string {
  const [, section, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (section !== undefined) return pod.metadata[section as 'labels' | 'annotations']?.[key ?? ''] ?? '';
  if (path === 'status.podIPs') return fieldOf(pod, 'status.podIP');
  let value: unknown = pod;
  for (const field of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[field];
  return value === undefined || value === null ? '' : String(value);
}

function keyOf(store: Store, pod: KubeObject, kind: 'ConfigMap' | 'Secret', ref: KeyRef): string | undefined {
  const data = dataOf(store, pod, kind, ref);
  const value = data?.[ref.key];
  if (data !== undefined && value === undefined && ref.optional !== true) {
    const whole = `${pod.metadata.namespace}/${ref.name}`;
    throw new ConfigError(`couldn't find key ${ref.key} in ${kind} ${whole}`);
  }
  return value;
}

function wholeOf(
  store: Store,
  pod: KubeObject,
  { configMapRef, secretRef }: EnvFrom,
): Record<string, string> {
  if (configMapRef !== undefined) return dataOf(store, pod, 'ConfigMap', configMapRef) ?? {};
  if (secretRef !== undefined) return dataOf(store, pod, 'Secret', secretRef) ?? {};
  return {};
}

function dataOf(
  store: Store,
  pod: KubeObject,
  kind: 'ConfigMap' | 'Secret',
  { name, optional }: { name: string; optional?: boolean },
): Record<string, string> | undefined {
  const found = store.find(kind, name, pod.metadata.namespace);
  if (found === undefined) {
    if (optional === true) return undefined;
    throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
  }
  const data = (found.data ?? {}) as Record<string, string>;
  if (kind === 'ConfigMap') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
