import type { Ref } from '../../fixtures/cluster/objects.ts';
import { isReady } from '../../fixtures/cluster/pods.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { felixConfiguration, policySyncPath } from '../../fixtures/policy-sync.ts';
import { pod } from './world/inhabitants.ts';
import { ready, until } from './world/readiness.ts';
import type { World } from './world/world.ts';

/** Does something to the mesh that is no matter of an object alone; gives back what undoes it. */
type Deed = (world: World) => Promise<() => Promise<void>>;

const filter: Ref = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  namespace: 'istio-system',
  name: 'ext-authz',
};
const istiod: Ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' };
const late: Ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'srv', name: 'late' };

/** What the rows name as something that was done. */
export const deeds: Record<string, Deed> = {
  'kill dikastes of srv/echo': (world) => killDikastes(world, 'srv/echo'),
  'kill dikastes of default/frontend': (world) => killDikastes(world, 'default/frontend'),

  'take the policy sync path away': takeSyncPath,

  'make a pod without the policy sync path': async (world) => {
    const giveBack = await takeSyncPath(world);
    world.apply(pod('srv', late.name, { annotations: askForDikastes('1.28.10') }));
    await until(world.mesh.store, 'Pod', () => {
      const { containerStatuses = [] } = (world.pod('srv/late').status ?? {}) as {
        containerStatuses?: { name: string; ready: boolean; state?: { running?: object } }[];
      };
      return containerStatuses.length === 2 && containerStatuses.every(({ state }) => state?.running);
    });
    return async () => {
      world.remove(late);
      await giveBack();
    };
  },

  'stop istiod': async (world) => {
    const scale = async (replicas: number) => {
      world.patch(istiod, { spec: { replicas } });
      await ready(world.mesh.store, ({ metadata }) => metadata.labels?.app === 'istiod', { count: replicas });
    };
    await scale(0);
    return () => scale(1);
  },

  'delete the filter': async (world) => {
    const { apiVersion, kind, spec } = world.find(filter)!;
    world.remove(filter);
    return async () => {
      world.apply({ apiVersion, kind, metadata: { name: filter.name, namespace: 'istio-system' }, spec });
    };
  },

  'wait for connections to drain': async (world) => {
    await world.drained();
    return async () => {};
  },
};

/** Three times: the first restart comes at once, and only the third waits long enough to be looked at. */
async function killDikastes(world: World, place: string): Promise<() => Promise<void>> {
  const { namespace = '', name } = world.pod(place).metadata;
  const isBack = (wanted: boolean) =>
    until(world.mesh.store, 'Pod', () => isReady(world.pod(place)) === wanted);
  for (let kills = 0; kills < 3; kills += 1) {
    await isBack(true);
    world.mesh.kubelet.stop(namespace, name, 'dikastes');
    await isBack(false);
  }
  return () => isBack(true);
}

async function takeSyncPath(world: World): Promise<() => Promise<void>> {
  const beside = (name: string) => () => isReady(world.pod(name));
  world.patch(felixConfiguration, { spec: { policySyncPathPrefix: null } });
  return async () => {
    world.patch(felixConfiguration, { spec: { policySyncPathPrefix: policySyncPath } });
    for (const name of ['default/frontend', 'srv/echo']) await until(world.mesh.store, 'Pod', beside(name));
  };
}
