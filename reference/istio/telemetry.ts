import { parse } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { rootNamespace } from './names.ts';
import { oldestFirst, type Scope, scopeOf, selects, type Workload } from './workload.ts';

/** What a Telemetry says of access logs. */
export interface AccessLogging extends Scope {
  /** Whether Envoy logs to its standard output; undefined: nothing is said. */
  logs: boolean | undefined;
}

interface Spec {
  selector?: { matchLabels?: Record<string, string> };
  accessLogging?: { providers?: { name?: string }[]; disabled?: boolean }[];
}

export function accessLoggingOf(object: KubeObject): AccessLogging {
  const { selector, accessLogging = [] } = (object.spec ?? {}) as Spec;
  const spoken = accessLogging.filter(({ providers = [{ name: 'envoy' }] }) =>
    providers.some(({ name }) => name === 'envoy'),
  );
  return {
    ...scopeOf(object, selector?.matchLabels),
    logs: spoken.length === 0 ? undefined : spoken.some(({ disabled = false }) => !disabled),
  };
}

/**
 * The settings that apply to a workload, widest first: of the mesh, of its namespace, of itself; of each the oldest
 * (istio `pilot/pkg/model/telemetry.go`).
 */
export function applicable(settings: readonly AccessLogging[], workload: Workload): AccessLogging[] {
  const sorted = oldestFirst(settings);
  const wide = (namespace: string) =>
    sorted.find((setting) => setting.namespace === namespace && setting.matchLabels === undefined);
  const own = sorted.find(
    (setting) =>
      setting.namespace === workload.namespace &&
      setting.matchLabels !== undefined &&
      selects(setting, workload.labels),
  );
  const ofNamespace = workload.namespace === rootNamespace ? undefined : wide(workload.namespace);
  return [wide(rootNamespace), ofNamespace, own].filter((setting) => setting !== undefined);
}

/** Whether the mesh's own configuration, in the ConfigMap `istio`, switches access logs on for everyone. */
export function logsByDefault(meshConfig: KubeObject | undefined): boolean {
  const { mesh = '' } = (meshConfig?.data ?? {}) as { mesh?: string };
  const { accessLogFile } = (parse(mesh) ?? {}) as { accessLogFile?: string };
  return accessLogFile === '/dev/stdout';
}
