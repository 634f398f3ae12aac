import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { StatusCause } from '../store/status-error.ts';

const modes = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'];

interface Setting {
  mode?: unknown;
}

interface Spec {
  selector?: { matchLabels?: Record<string, string> };
  mtls?: Setting;
  portLevelMtls?: Record<string, Setting>;
}

/** Why a PeerAuthentication is not as its custom resource definition has it; empty when it is. */
export function peerAuthenticationCauses(object: KubeObject): StatusCause[] {
  const { selector, mtls, portLevelMtls = {} } = (object.spec ?? {}) as Spec;
  const ports = Object.entries(portLevelMtls);
  const selects = Object.keys(selector?.matchLabels ?? {}).length > 0;
  return [
    ...modeCauses('spec.mtls', mtls),
    ...ports.flatMap(([port, setting]) => modeCauses(`spec.portLevelMtls.${port}`, setting)),
    ...(ports.every(([port]) => isPort(port))
      ? []
      : [broken('spec.portLevelMtls', 'port must be between 1-65535')]),
    ...(ports.length > 0 && !selects ? [broken('spec', 'portLevelMtls requires selector')] : []),
  ];
}

function modeCauses(field: string, setting: Setting | undefined): StatusCause[] {
  const { mode } = setting ?? {};
  if (mode === undefined || modes.includes(mode as string)) return [];
  const supported = modes.map((one) => `"${one}"`).join(', ');
  const message = `Unsupported value: ${JSON.stringify(mode)}: supported values: ${supported}`;
  return [{ reason: 'FieldValueNotSupported', message, field: `${field}.mode` }];
}

function broken(field: string, rule: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${rule}`, field };
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
