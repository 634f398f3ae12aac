import { text } from 'node:stream/consumers';
import { type KubeObject, refOf } from '../../fixtures/cluster/objects.ts';
import { containersOf, isReady } from '../../fixtures/cluster/pods.ts';
import { conditionOf } from '../../fixtures/cluster/state.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { pod } from './world/inhabitants.ts';
import { until } from './world/readiness.ts';
import type { World } from './world/world.ts';

const name = 'once';
const port = 7777;

/**
 * Runs a Job beside Dikastes until its own container is done, and says what has come of it.
 *
 * @param asks whether that container asks Dikastes to terminate before it ends.
 */
export async function runJob(world: World, namespace: string, asks: boolean): Promise<string> {
  const { store, kubelet } = world.mesh;
  const job = jobOf(world, namespace);
  world.apply(job);
  const ours = () => store.list('Pod', namespace).find(({ metadata }) => metadata.labels?.app === name);
  const found = () => world.find(refOf(job))!;
  try {
    await until(store, 'Pod', () => ours() !== undefined && isReady(ours()!));
    const podName = ours()!.metadata.name;
    const main = kubelet.container(namespace, podName, 'agent')!.context!;
    const answer = asks ? await terminate(world, `${namespace}/${podName}`) : [];
    main.exit(0);
    await until(store, 'Pod', () => isDone(ours()!));
    await world.settled();
    const ready = containersOf(ours()!).filter((one) => one.ready).length;
    const end = conditionOf(found(), 'Complete')?.status === 'True' ? 'complete' : `${ready} of 3 ready`;
    return [...answer, end].join(', ');
  } finally {
    world.remove(refOf(job));
    await until(store, 'Pod', () => ours() === undefined);
  }
}

function isDone({ status }: KubeObject): boolean {
  const { containerStatuses = [] } = status as {
    containerStatuses?: { name: string; state?: { terminated?: object } }[];
  };
  return containerStatuses.some(({ name, state }) => name === 'agent' && state?.terminated !== undefined);
}

/** Says status and length of what Dikastes answers, by the way that only its own pod has. */
async function terminate(world: World, place: string): Promise<string[]> {
  const socket = world.networkOf(place).connect({ host: '127.0.0.1', port });
  socket.write('POST /terminate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n');
  const answer = await text(socket);
  const [status = ''] = /\b\d{3}\b/.exec(answer) ?? [];
  return [`${status} with ${answer.replace(/^.*?\r\n\r\n/s, '').length} bytes`];
}

/** Its own container, and what its pod says itself of the one that the injector brings. */
function jobOf(world: World, namespace: string): KubeObject {
  const { spec } = pod(namespace, name, {});
  const { containers } = spec as { containers: object[] };
  const known = (world.pod('srv/echo').spec as { containers: { name: string; image: string }[] }).containers;
  const dikastes = {
    name: 'dikastes',
    image: known.find((one) => one.name === 'dikastes')!.image,
    env: [
      { name: 'DIKASTES_HTTP_BIND_ADDR', value: '127.0.0.1' },
      { name: 'DIKASTES_HTTP_BIND_PORT', value: String(port) },
    ],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: {
      template: {
        metadata: { labels: { app: name }, annotations: askForDikastes('1.28.10') },
        spec: { ...(spec as object), restartPolicy: 'Never', containers: [...containers, dikastes] },
      },
    },
  };
}
