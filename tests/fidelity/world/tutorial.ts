import type { Selection } from '../../../fixtures/cluster/client.ts';
import { type KubeObject, type Ref, refOf } from '../../../fixtures/cluster/objects.ts';
import type { Mesh } from '../../../reference/mesh.ts';
import { allAvailable } from '../../../reference/readiness.ts';
import { keyOf } from '../../../reference/store/resource-type.ts';
import { accessLogs } from '../../../scripts/runbook/access-logs.ts';
import { automaticSidecarInjection } from '../../../scripts/runbook/automatic-sidecar-injection.ts';
import { peerAuthentication } from '../../../scripts/runbook/peer-authentication.ts';
import { policySync } from '../../../scripts/runbook/policy-sync.ts';
import { routingTheTraffic } from '../../../scripts/runbook/routing-the-traffic.ts';
import { serviceMeshAuthorization } from '../../../scripts/runbook/service-mesh-authorization.ts';
import { sidecarInjector } from '../../../scripts/runbook/sidecar-injector.ts';
import type { Step } from '../../../scripts/runbook/step.ts';
import type { Walk } from '../../../scripts/runbook/walk.ts';
import { ready } from './readiness.ts';

/** The steps of the tutorial that change something on a mesh as `startMesh` gives it. */
const steps: readonly Step[] = [
  accessLogs,
  peerAuthentication,
  policySync,
  sidecarInjector,
  serviceMeshAuthorization,
  routingTheTraffic,
  automaticSidecarInjection,
];

/** Brings a mesh to the end of the tutorial, before any policy, by what the runbook's own steps apply. */
export async function walkTutorial(mesh: Mesh, versions: { calico: string; istio: string }): Promise<void> {
  const walk = walkOver(mesh, versions);
  for (const step of steps) await step.apply(walk);
  await allAvailable(mesh.store);
  // The pod without Dikastes goes once its successor is ready.
  await ready(mesh.store, ({ metadata }) => metadata.labels?.app === 'frontend', { count: 1 });
}

/** A walk past HTTP: the steps' changes go straight into the mesh's operations. */
function walkOver({ store, operations }: Mesh, versions: { calico: string; istio: string }): Walk {
  const find = ({ apiVersion, kind, name, namespace }: Ref): KubeObject | undefined => {
    const type = store.typeOf(apiVersion, kind);
    return type && store.find(keyOf(type), name, namespace);
  };
  const create = async (object: KubeObject, options: { dryRun?: boolean } = {}) =>
    operations.create(object, options);
  const guest = {
    create,
    createMissing: async (objects: readonly KubeObject[]) => {
      for (const object of objects) if (find(refOf(object)) === undefined) await create(object);
    },
    patch: async ({ apiVersion, kind, name, namespace }: Ref, body: unknown) => {
      const type = store.typeOf(apiVersion, kind)!;
      return operations.patch(type, name, namespace, { type: 'merge', body }, { fieldManager: 'walk' })
        .object;
    },
  };
  const cluster = {
    get: async (ref: Ref) => find(ref),
    supports: async () => true,
    list: async ({ apiVersion, kind, namespace }: Selection) =>
      store.list(keyOf(store.typeOf(apiVersion, kind)!), namespace),
    create,
  };
  return { guest, cluster, run: { versions } } as unknown as Walk;
}
