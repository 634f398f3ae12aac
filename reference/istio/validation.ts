import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { AdmissionPlugin } from '../store/operations.ts';
import { type KindKey, keyOf } from '../store/resource-type.ts';
import { badRequest, invalid, type StatusCause } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';
import { destinationRuleProblem, gatewayProblem, virtualServiceProblem } from './configuration-problems.ts';
import { destinationRuleOf } from './destination-rule.ts';
import { entryPorts, insertedFilters } from './envoy-filter.ts';
import { gatewayOf } from './gateway.ts';
import { rootNamespace } from './names.ts';
import { peerPolicyOf } from './peer-authentication.ts';
import { peerAuthenticationCauses } from './peer-authentication-causes.ts';
import { accessLoggingOf } from './telemetry.ts';
import { virtualServiceOf } from './virtual-service.ts';
import { istiodAnswers, unanswered } from './webhook.ts';

const webhook = 'rev.validation.istio.io';

/** What the schemas of Istio's custom resources refuse. */
const schemas: Record<string, (object: KubeObject) => StatusCause[]> = {
  'PeerAuthentication.security.istio.io': peerAuthenticationCauses,
};

/** What istiod's webhook refuses, each in one sentence. */
const checks: Record<string, (object: KubeObject) => string | undefined> = {
  'Gateway.networking.istio.io': gatewayProblem,
  'VirtualService.networking.istio.io': virtualServiceProblem,
  'DestinationRule.networking.istio.io': destinationRuleProblem,
};

/** How each kind is read; an object that cannot be read must never be stored, as all proxies depend on it. */
const readers: Record<string, (object: KubeObject) => unknown> = {
  'Gateway.networking.istio.io': gatewayOf,
  'VirtualService.networking.istio.io': virtualServiceOf,
  'DestinationRule.networking.istio.io': destinationRuleOf,
  'ServiceEntry.networking.istio.io': entryPorts,
  'EnvoyFilter.networking.istio.io': insertedFilters,
  'PeerAuthentication.security.istio.io': peerPolicyOf,
  'Telemetry.telemetry.istio.io': accessLoggingOf,
};

const groups = new Set(['networking.istio.io', 'security.istio.io', 'telemetry.istio.io']);

/**
 * Refuses Istio's objects as their custom resource definitions (StatusError Invalid) and istiod's webhook do
 * (BadRequest), and all of them while the installed istiod has no ready pod (InternalError). What the mesh does not
 * model, such as rewrites, is refused too rather than taken for something else.
 */
export function istioValidation(store: Store): AdmissionPlugin {
  return {
    validate: ({ operation, type, object }) => {
      if (operation === 'DELETE' || !groups.has(type.group)) return;
      const key = keyOf(type);
      if (!isReadable(key, object)) {
        const message = 'Invalid value: a field is of the wrong type';
        throw invalid(type, object.metadata.name, [{ reason: 'FieldValueInvalid', message, field: 'spec' }]);
      }
      const causes = schemas[key]?.(object) ?? [];
      if (causes.length > 0) throw invalid(type, object.metadata.name, causes);
      const installed = store.find('Deployment.apps', 'istiod', rootNamespace) !== undefined;
      if (installed && !istiodAnswers(store)) throw unanswered(webhook, '/validate');
      const problem = checks[key]?.(object);
      if (problem === undefined) return;
      throw badRequest(
        `admission webhook "${webhook}" denied the request: configuration is invalid: ${problem}`,
      );
    },
  };
}

function isReadable(key: KindKey, object: KubeObject): boolean {
  try {
    readers[key]?.(object);
    return true;
  } catch {
    return false;
  }
}
