import { type KubeObject, refOf } from '../../fixtures/cluster/objects.ts';
import { isReady } from '../../fixtures/cluster/pods.ts';
import { askForDikastes } from '../../fixtures/injector/ask.ts';
import { StatusError } from '../../reference/store/status-error.ts';
import { runJob } from './job.ts';
import { patienceMs, TcpTalk } from './tcp.ts';
import { pod } from './world/inhabitants.ts';
import type { World } from './world/world.ts';

type Fact = (world: World, place: string) => string | Promise<string>;

/** What can be seen that is no answer to a probe, by the words that it begins with. */
const facts: Record<string, Fact> = {
  'pod ': (world, place) => (isReady(world.pod(place)) ? 'ready' : 'unready'),
  'containers of a new pod in ': (world, namespace) => containersOf(dryRun(world, namespace).spec),
  'containers of a new pod with Dikastes in ': (world, namespace) =>
    containersOf(dryRun(world, namespace, askForDikastes('1.28.10')).spec),
  'containers of ': (world, place) => containersOf(world.pod(place).spec),
  'containers before ': (world, place) => containersOf(world.before.get(place)?.spec),
  'a Job that does not ask in ': (world, namespace) => runJob(world, namespace, false),
  'a Job that asks Dikastes to terminate in ': (world, namespace) => runJob(world, namespace, true),
  'health of ': health,
  'HTTP/1.0 from ': oldHttp,
  'a new pod in ': (world, namespace) => refusal(world, pod(namespace, 'new', {})),
  'a new PeerAuthentication in ': (world, namespace) =>
    refusal(world, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'new', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    }),
};

/** What is said by a key that is no probe; undefined when it is one. */
export async function factOf(world: World, key: string): Promise<string | undefined> {
  const words = Object.keys(facts).find((begin) => key.startsWith(begin));
  return words === undefined ? undefined : facts[words]!(world, key.slice(words.length));
}

function dryRun(world: World, namespace: string, annotations: Record<string, string> = {}): KubeObject {
  return world.mesh.operations.create(pod(namespace, 'new', { annotations }), { dryRun: true });
}

/** Init containers first. */
function containersOf(spec: unknown): string {
  const { initContainers = [], containers = [] } = (spec ?? {}) as {
    initContainers?: { name: string }[];
    containers?: { name: string }[];
  };
  return [...initContainers, ...containers].map(({ name }) => name).join(' ');
}

async function health(world: World, place: string): Promise<string> {
  let said = '';
  const { namespace = '', name } = world.pod(place).metadata;
  const status = await world.mesh.pods.exec(namespace, name, 'dikastes', ['/healthz', 'readiness'], {
    stdin: (async function* () {})(),
    stdout: () => {},
    stderr: (chunk) => {
      said += chunk;
    },
    signal: new AbortController().signal,
  });
  return status === 0 ? 'healthy' : said.trim();
}

/** How the server's sidecar answers a request of HTTP/1.0, and what it logs. */
async function oldHttp(world: World, origin: string): Promise<string> {
  const server = 'srv/echo';
  const talk = new TcpTalk(world.networkOf(origin), { host: world.addressOf(server), port: 8080 });
  const answer = await talk.say('GET / HTTP/1.0\r\nHost: echo\r\n\r\n', Infinity, patienceMs);
  talk.close();
  await world.settled();
  const [status] = /\b\d{3}\b/.exec(answer) ?? ['no answer'];
  const body = answer.replace(/^.*?\r\n\r\n/s, '').replace(/\[closed\]$/, '');
  const [log] = world.accessLogs('srv', 'echo', 1);
  const logged = / (\d{3} \S+ \S+) /.exec(log?.text ?? '')?.[1];
  return `${status} with ${body.length} bytes, logged ${logged}`;
}

/** What the API says of an object, which does not stay. */
function refusal(world: World, object: KubeObject): string {
  try {
    world.remove(refOf(world.apply(object)));
    return 'accepted';
  } catch (error) {
    if (error instanceof StatusError)
      return error.message.replace(/^.*?(failed calling webhook "[^"]+").*$/s, '$1');
    throw error;
  }
}
