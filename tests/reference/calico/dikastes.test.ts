import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { dikastesTemplate } from '../../../fixtures/injector/template.ts';
import { Calico } from '../../../reference/calico/calico.ts';
import { DikastesRegistry } from '../../../reference/calico/dikastes.ts';
import type { NetworkInterface } from '../../../reference/network/interface.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import type { Store } from '../../../reference/store/store.ts';
import type { ContainerContext, ContainerSpec, ExecStreams } from '../../../reference/workloads/program.ts';
import { parseAsk, policy, storeOf } from './world.ts';

const { request } = parseAsk('ma/alice /');
const configuration = 'FelixConfiguration.projectcalico.org';

interface PodSpec {
  containers: ContainerSpec[];
  initContainers?: ContainerSpec[];
  volumes: { name: string }[];
}

/** srv/echo with Dikastes beside it, as the injection template has it. */
function injected(image: string, native = true, edit: (spec: PodSpec) => void = () => undefined) {
  const { spec } = parse(dikastesTemplate({ image, native })) as { spec: PodSpec };
  edit(spec);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'echo', namespace: 'srv' }, spec };
  const container = spec.containers.find(({ name }) => name === 'dikastes')!;
  return { pod: pod as unknown as KubeObject, container };
}

const ownImage = 'quay.io/calico/dikastes:v3.32.1';

function serve(store: Store, policySyncPathPrefix: string): void {
  const spec = { policySyncPathPrefix };
  if (store.find(configuration, 'default') === undefined) {
    store.create({
      apiVersion: 'projectcalico.org/v3',
      kind: 'FelixConfiguration',
      metadata: { name: 'default' },
      spec,
    });
  } else {
    store.change(configuration, 'default', undefined, (draft) => {
      draft.spec = spec;
    });
  }
}

/** A Dikastes under way, with what its container says. */
function run({ pod, container }: ReturnType<typeof injected>, store: Store) {
  const calico = new Calico(store, calicoRules, { propagationMs: 1, syncMs: 1 });
  const registry = new DikastesRegistry(calico);
  const log: string[] = [];
  const turns = new EventTarget();
  const stopping = new AbortController();
  let ready: boolean | undefined;
  const context: ContainerContext = {
    pod,
    container,
    network: {} as NetworkInterface,
    env: {},
    log: (line) => log.push(line),
    ready: (is) => {
      ready = is;
      turns.dispatchEvent(new Event('turn'));
    },
    exit: () => stopping.abort(),
    signal: stopping.signal,
  };
  const probe = async (...command: string[]) => {
    let error = '';
    const streams = {
      stderr: (chunk: string) => {
        error += chunk;
      },
    } as unknown as ExecStreams;
    return { status: await registry.program.exec!(context, command, streams), error };
  };
  return {
    registry,
    log,
    probe,
    ready: () => ready,
    turn: () => once(turns, 'turn'),
    start: () => registry.program.start(context),
    stop: () => stopping.abort(),
    close: () => calico.close(),
    /** When one that began later is in sync. */
    otherInSync: () => new Promise<void>((resolve) => void calico.sync(pod, () => resolve())),
    ask: () => registry.ask('srv/echo', request),
    changed: () =>
      new Promise<void>((resolve) => {
        const stop = calico.changed(() => {
          stop();
          resolve();
        });
      }),
  };
}

test('what its program is', () => {
  const { program } = new DikastesRegistry({
    sync: () => ({ inSync: false, check: () => 'OK', close: () => {} }),
  });
  const { pod } = injected(ownImage);
  const runs = (container: ContainerSpec) => program.runs(container, pod);
  expect(runs(injected(ownImage).container)).toBe(true);
  expect(runs(injected('quay.io/calico/calico:v3.33.0').container)).toBe(true);
  expect(runs({ name: 'dikastes', image: 'calico/dikastes' })).toBe(true);
  expect(runs({ name: 'dikastes', image: 'dikastes@sha256:0' })).toBe(true);
  expect(runs({ name: 'dikastes', image: 'quay.io/calico/calico:v3.33.0', command: ['calico'] })).toBe(false);
  expect(runs({ name: 'other', image: ownImage })).toBe(false);
  expect(runs({ name: 'dikastes', image: 'busybox' })).toBe(false);
});

test('it is ready while it is in sync, and keeps the last policies when Felix is gone', async () => {
  const store = storeOf([]);
  const dikastes = run(injected(ownImage), store);
  expect(dikastes.ask()).toBe('no answer');
  await dikastes.start();
  expect(dikastes.ask()).toBe('UNAVAILABLE');
  expect(await dikastes.probe('/healthz', 'readiness')).toEqual({
    status: 3,
    error: 'healthz endpoint returned unhealthy\n',
  });
  expect((await dikastes.probe('/healthz', 'liveness')).status).toBe(0);
  expect(dikastes.log.join('\n')).not.toMatch(/[Ss]tarting synchronization/);

  serve(store, '/var/run/nodeagent');
  await dikastes.turn();
  expect(dikastes.ready()).toBe(true);
  expect(dikastes.ask()).toBe('OK');
  expect(dikastes.log.join('\n')).toMatch(/[Ss]tarting synchronization with Policy Sync/);
  expect((await dikastes.probe('/healthz', 'readiness')).status).toBe(0);

  serve(store, '');
  await dikastes.turn();
  expect(dikastes.ready()).toBe(false);
  expect((await dikastes.probe('/healthz', 'readiness')).status).toBe(3);
  store.create(policy({ types: ['Ingress'] }));
  await dikastes.changed();
  await dikastes.changed();
  expect(dikastes.ask()).toBe('OK');

  serve(store, '/var/run/nodeagent');
  await dikastes.turn();
  expect(dikastes.ready()).toBe(true);
  expect(dikastes.ask()).toBe('PERMISSION_DENIED');
  dikastes.stop();
  dikastes.close();
});

test('once it has stopped no one answers, and its probes fail', async () => {
  const store = storeOf([]);
  serve(store, '/var/run/nodeagent');
  const dikastes = run(injected(ownImage, false), store);
  await dikastes.start();
  await dikastes.turn();
  expect(dikastes.ask()).toBe('OK');
  expect(dikastes.registry.ask('srv/other', request)).toBe('no answer');
  dikastes.stop();
  expect(dikastes.ask()).toBe('no answer');
  expect((await dikastes.probe('/healthz', 'liveness')).status).toBe(3);
  dikastes.close();
});

test('a pod that Felix has not told of', async () => {
  const store = storeOf([]);
  serve(store, '/var/run/nodeagent');
  store.remove('Pod', 'echo', 'srv');
  const dikastes = run(injected(ownImage), store);
  await dikastes.start();
  await dikastes.turn();
  expect(dikastes.ask()).toBe('INTERNAL');
  dikastes.stop();
  dikastes.close();
});

test('within calico/calico its probe is a component of that', async () => {
  const store = storeOf([]);
  const { pod, container } = injected('quay.io/calico/calico:v3.33.0');
  const dikastes = run({ pod, container }, store);
  await dikastes.start();
  const { command = [] } = container;
  expect((await dikastes.probe(...command, 'health', 'liveness')).status).toBe(0);
  expect((await dikastes.probe(...command, 'health', 'readiness')).status).toBe(3);
  expect((await dikastes.probe(...command, 'server')).status).toBeUndefined();
  expect((await dikastes.probe('/healthz', 'nonsense')).status).toBe(2);
  expect((await dikastes.probe('/healthz')).status).toBe(2);
  expect((await dikastes.probe('ls')).status).toBeUndefined();
  dikastes.stop();
  dikastes.close();
});

/** Mistakes in a template, and what the proxy then gets. */
const mistakes: [what: string, edit: (spec: PodSpec) => void, answer: string][] = [
  [
    'without the volume of Felix',
    (spec) => {
      spec.volumes = spec.volumes.filter(({ name }) => name !== 'felix-sync');
    },
    'UNAVAILABLE',
  ],
  [
    'with an empty directory for Felix',
    (spec) => {
      spec.volumes = [...spec.volumes.slice(0, 1), { name: 'felix-sync' }];
    },
    'UNAVAILABLE',
  ],
  [
    'with a proxy that does not mount the socket',
    (spec) => {
      spec.initContainers = [];
      spec.containers.push({ name: 'istio-proxy', image: 'proxy' });
    },
    'no answer',
  ],
  [
    'with no proxy',
    (spec) => {
      spec.initContainers = [];
    },
    'no answer',
  ],
  [
    'listening elsewhere',
    (spec) => {
      spec.containers[0]!.args![2] = '/var/run/dikastes/other.sock';
    },
    'no answer',
  ],
];

for (const [what, edit, answer] of mistakes) {
  test(`${what} it answers: ${answer}`, async () => {
    const store = storeOf([]);
    serve(store, '/var/run/nodeagent');
    const dikastes = run(injected(ownImage, true, edit), store);
    await dikastes.start();
    await dikastes.otherInSync();
    expect(dikastes.ask()).toBe(answer);
    dikastes.stop();
    dikastes.close();
  });
}
