import { nameFor } from '../../fixtures/injector/injection.ts';
import { objectsOf, type Part, placeholders } from './manifest.ts';
import { type Permission, permissionsIn } from './permission.ts';

/** What says which permissions a run needs. */
export interface Needs {
  /** Whether Online Boutique is there. */
  shopDeployed: boolean;
  /** `NAMESPACE/NAME` of a Secret to pull images with. */
  pullSecret?: string | undefined;
  /** Whether the mesh's key shall sign for the run, as a person said. */
  meshCa?: boolean | undefined;
  /** The revision of Istio that the run goes by, when it has a name. */
  revision?: string | undefined;
}

/** The parts without which a run cannot be made. */
export function neededParts({ shopDeployed, pullSecret, meshCa = false }: Needs): Part[] {
  return [
    'alp-conformance',
    ...(shopDeployed ? [] : (['online-boutique'] as const)),
    ...(pullSecret === undefined ? [] : (['pull-secret'] as const)),
    ...(meshCa ? (['mesh-ca'] as const) : []),
  ];
}

/** What a part grants, with the names that a run has for what the manifest cannot know. */
export function permissionsOf(part: Part, needs: Needs): Permission[] {
  return permissionsIn(objectsOf(part)).map((permission) => named(permission, needs));
}

/** What a revision calls its own copy of; see `nameFor`. */
const ofRevision = new Set(['istio', 'istio-sidecar-injector']);

function named(permission: Permission, { pullSecret = '', revision = 'default' }: Needs): Permission {
  const { resource, name = '', namespace = '' } = permission;
  if (resource === 'configmaps' && ofRevision.has(name)) {
    return { ...permission, name: nameFor(name, revision) };
  }
  const [secretNamespace = '', secretName = ''] = pullSecret.split('/');
  return {
    ...permission,
    ...(name === placeholders.secretName && { name: secretName }),
    ...(namespace === placeholders.secretNamespace && { namespace: secretNamespace }),
  };
}
