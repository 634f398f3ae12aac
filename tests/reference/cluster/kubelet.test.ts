import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { containersOf, isReady, podFailure, schedulingFailure } from '../../../fixtures/cluster/pods.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import type { ExecStreams } from '../../../reference/workloads/program.ts';
import { openCluster, settled, type TestCluster, until } from './cluster.ts';

function podOf(spec: object, name = 'web', metadata: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'main', image: 'app:1' }], ...spec },
  };
}

const find = ({ store }: TestCluster, name = 'web') => store.find('Pod', name, 'default')!;

interface ContainerStatus {
  name: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  imageID: string;
  containerID?: string;
  state: Record<string, { reason?: string; message?: string; exitCode?: number }>;
  lastState: Record<string, { exitCode?: number }>;
}

function statusesOf(pod: KubeObject): Record<string, ContainerStatus> {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status as {
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
  return Object.fromEntries([...initContainerStatuses, ...containerStatuses].map((one) => [one.name, one]));
}

test('a pod gets a node, an address and a status', async () => {
  const cluster = openCluster();
  cluster.operations.create(podOf({}));
  await settled();
  const pod = find(cluster);
  expect(pod.spec).toMatchObject({
    nodeName: 'reference-control-plane',
    serviceAccountName: 'default',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
  });
  expect(pod.status).toMatchObject({
    phase: 'Running',
    podIP: '10.244.1.2',
    podIPs: [{ ip: '10.244.1.2' }],
    hostIP: '172.18.0.2',
    qosClass: 'BestEffort',
  });
  for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']) {
    expect(conditionOf(pod, type)?.status, type).toBe('True');
  }
  const { main } = statusesOf(pod);
  expect(main).toMatchObject({ ready: true, started: true, restartCount: 0 });
  expect(main?.imageID).toMatch(/^reference@sha256:[0-9a-f]{64}$/);
  expect(main?.containerID).toMatch(/^reference:\/\/[0-9a-f]{64}$/);
  expect(cluster.network.attached.get('10.244.1.2')).toEqual({ pod: 'default/web' });
  cluster.cluster.close();
  expect(cluster.network.attached.size).toBe(0);
});

test('pods are spread over the nodes, unless they ask for one', async () => {
  const cluster = openCluster();
  for (const name of ['a', 'b', 'c', 'd']) cluster.operations.create(podOf({}, name));
  await settled();
  cluster.operations.create(podOf({ nodeName: 'reference-worker' }, 'e'));
  const nodeSelector = { 'kubernetes.io/hostname': 'reference-worker' };
  cluster.operations.create(podOf({ nodeSelector }, 'f'));
  await settled();
  const nodeOf = (name: string) => (find(cluster, name).spec as { nodeName: string }).nodeName;
  const nodes = ['a', 'b', 'c', 'd'].map(nodeOf);
  expect(nodes.filter((node) => node === 'reference-worker')).toHaveLength(2);
  expect(nodeOf('e')).toBe('reference-worker');
  expect(nodeOf('f')).toBe('reference-worker');
  const addresses = ['a', 'b', 'c', 'd', 'e', 'f'].map(
    (name) => (find(cluster, name).status as { podIP: string }).podIP,
  );
  expect(new Set(addresses).size).toBe(6);
  cluster.cluster.close();
});

test('a pod that fits no node is unschedulable until a node changes', async () => {
  const cluster = openCluster();
  cluster.operations.create(podOf({ nodeSelector: { disk: 'ssd' } }));
  await settled();
  expect(schedulingFailure(find(cluster))).toContain('0/2 nodes are available');
  cluster.store.change('Node', 'reference-worker', undefined, ({ metadata }) => {
    metadata.labels = { ...metadata.labels, disk: 'ssd' };
  });
  await settled();
  expect(isReady(find(cluster))).toBe(true);
  cluster.cluster.close();
});

test('pods of the host network share the address of their node', async () => {
  const cluster = openCluster();
  const spec = { nodeName: 'reference-worker', hostNetwork: true };
  cluster.operations.create(podOf(spec, 'a'));
  cluster.operations.create(podOf(spec, 'b'));
  await settled();
  for (const name of ['a', 'b']) {
    expect(find(cluster, name).status).toMatchObject({ podIP: '172.18.0.3', hostIP: '172.18.0.3' });
  }
  cluster.operations.delete(cluster.podType, 'a', 'default');
  await settled();
  expect(cluster.network.attached.get('172.18.0.3')).toEqual({ host: true });
  expect(cluster.cluster.kubelet.host('reference-worker').address).toBe('172.18.0.3');
  cluster.cluster.close();
});

test('init containers come first, and a native sidecar when it is started', async () => {
  const cluster = openCluster();
  cluster.operations.create(
    podOf({
      initContainers: [
        { name: 'set-up', image: 'anything' },
        { name: 'proxy', image: 'app:proxy', restartPolicy: 'Always', startupProbe: {}, readinessProbe: {} },
      ],
    }),
  );
  await settled();
  expect(cluster.program.running.map(({ container }) => container.name)).toEqual(['proxy']);
  expect(conditionOf(find(cluster), 'Initialized')?.status).toBe('False');
  expect((find(cluster).status as { phase: string }).phase).toBe('Pending');
  expect(statusesOf(find(cluster)).main?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  expect(statusesOf(find(cluster))['set-up']?.state.terminated).toMatchObject({
    exitCode: 0,
    reason: 'Completed',
  });

  const proxy = cluster.program.of(find(cluster), 'proxy');
  proxy.ready(true);
  await settled();
  expect(isReady(find(cluster))).toBe(true);
  expect(containersOf(find(cluster)).map(({ name, ready, native }) => [name, ready, native])).toEqual([
    ['proxy', true, true],
    ['main', true, false],
  ]);
  proxy.ready(false);
  await settled();
  expect(isReady(find(cluster))).toBe(false);
  expect(conditionOf(find(cluster), 'Ready')?.message).toContain('[proxy]');
  cluster.cluster.close();
});

test('readiness is what the program says where there is a probe, else that it started', async () => {
  const cluster = openCluster();
  const { promise, resolve } = Promise.withResolvers<void>();
  cluster.program.starting.set('app:slow', () => promise);
  const containers = [
    { name: 'main', image: 'app:1', readinessProbe: {} },
    { name: 'slow', image: 'app:slow' },
  ];
  cluster.operations.create(podOf({ containers }));
  await settled();
  const ready = () => containersOf(find(cluster)).map((one) => one.ready);
  expect(ready()).toEqual([false, false]);
  resolve();
  await settled();
  expect(ready()).toEqual([false, true]);
  cluster.program.of(find(cluster)).ready(true);
  await settled();
  expect(ready()).toEqual([true, true]);
  expect(isReady(find(cluster))).toBe(true);
  cluster.cluster.close();
});

test('an image that no program runs cannot be pulled', async () => {
  const cluster = openCluster();
  cluster.operations.create(podOf({ containers: [{ name: 'main', image: 'nginx' }] }));
  await settled();
  expect(podFailure(find(cluster))).toBe(
    'Pod default/web: container main is in ErrImagePull: no program of the reference mesh runs image nginx',
  );
  cluster.cluster.close();
});

test('the environment comes from values, fields and ConfigMaps', async () => {
  const cluster = openCluster();
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const env = [
    { name: 'GREETING', value: 'hello' },
    { name: 'COPY', value: '$(GREETING) $(NOBODY) $$(GREETING)' },
    field('NAME', 'metadata.name'),
    field('NAMESPACE', 'metadata.namespace'),
    field('ADDRESS', 'status.podIP'),
    field('NODE', 'spec.nodeName'),
    field('ACCOUNT', 'spec.serviceAccountName'),
    field('APP', "metadata.labels['app']"),
    { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'colours', key: 'sky' } } },
    { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'colours', key: 'sea', optional: true } } },
  ];
  const containers = [{ name: 'main', image: 'app:1', env }];
  cluster.operations.create(podOf({ containers }, 'web', { labels: { app: 'shop' } }));
  await settled();
  expect(podFailure(find(cluster))).toContain(
    'is in CreateContainerConfigError: configmap "colours" not found',
  );

  cluster.operations.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'colours', namespace: 'default' },
    data: { sky: 'blue' },
  });
  await settled();
  const context = cluster.program.of(find(cluster));
  expect(context.env).toEqual({
    GREETING: 'hello',
    COPY: 'hello $(NOBODY) $(GREETING)',
    NAME: 'web',
    NAMESPACE: 'default',
    ADDRESS: '10.244.1.2',
    NODE: 'reference-control-plane',
    ACCOUNT: 'default',
    APP: 'shop',
    COLOUR: 'blue',
  });
  expect((context.pod.status as { podIP: string }).podIP).toBe('10.244.1.2');
  cluster.cluster.close();
});

test('a deleted pod stops at once, the sidecars last', async () => {
  const cluster = openCluster();
  const sidecar = { name: 'proxy', image: 'app:proxy', restartPolicy: 'Always' };
  cluster.operations.create(podOf({ initContainers: [sidecar] }));
  await settled();
  const ended: string[] = [];
  for (const { container, signal } of cluster.program.running) {
    signal.addEventListener('abort', () => ended.push(container.name));
  }
  const answer = cluster.operations.delete(cluster.podType, 'web', 'default');
  expect(answer.metadata.deletionTimestamp).toBeDefined();
  await settled();
  expect(cluster.pods()).toEqual([]);
  expect(ended).toEqual(['main', 'proxy']);
  expect(cluster.network.attached.has('10.244.1.2')).toBe(false);
  cluster.cluster.close();
});

test('a container that is killed comes back: at once, then after a pause', async () => {
  const cluster = openCluster({ timeScale: 1 / 1000 });
  cluster.operations.create(podOf({}));
  await settled();
  const { kubelet, pods } = cluster.cluster;
  const first = cluster.program.of(find(cluster));
  expect(() => pods.logs('default', 'web', 'main', { previous: true })).toThrow(/previous terminated/);
  kubelet.stop('default', 'web', 'main');
  expect(first.signal.aborted).toBe(true);
  await until(() => cluster.program.running.length === 1);
  await settled();
  const restarted = statusesOf(find(cluster)).main;
  expect(restarted).toMatchObject({ restartCount: 1, ready: true });
  expect(restarted?.lastState.terminated).toMatchObject({ exitCode: 137 });
  expect(pods.logs('default', 'web', 'main', { previous: true })).toBe('main started\n');

  const told: { failure: string | undefined; ready: boolean }[] = [];
  cluster.store.subscribe('Pod', ({ object }) => {
    told.push({ failure: podFailure(object), ready: isReady(object) });
  });
  kubelet.stop('default', 'web', 'main');
  expect(() => kubelet.stop('default', 'web', 'main')).toThrow(/does not run/);
  await until(() => cluster.program.running.length === 1);
  await settled();
  expect(told[0]).toEqual({ failure: expect.stringContaining('is in CrashLoopBackOff'), ready: false });
  expect(containersOf(find(cluster))[0]?.restartCount).toBe(2);
  cluster.cluster.close();
});

test('a program that fails to start has crashed', async () => {
  const cluster = openCluster();
  let failures = 1;
  cluster.program.starting.set('app:1', async () => {
    if (failures-- > 0) throw new Error('no port is free');
  });
  cluster.operations.create(podOf({}));
  await until(() => isReady(find(cluster)));
  const { main } = statusesOf(find(cluster));
  expect(main).toMatchObject({ restartCount: 1 });
  expect(main?.lastState.terminated).toMatchObject({ exitCode: 1 });
  expect(cluster.cluster.pods.logs('default', 'web', undefined, { previous: true })).toContain(
    'no port is free',
  );
  cluster.cluster.close();
});

test.describe('logs', () => {
  const twoContainers = {
    containers: [
      { name: 'main', image: 'app:1' },
      { name: 'other', image: 'app:2' },
    ],
  };

  test('are read by container, time, number of lines and bytes', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf(twoContainers));
    await settled();
    const { logs } = cluster.cluster.pods;
    const { log } = cluster.program.of(find(cluster));
    const realNow = Date.now;
    try {
      Date.now = () => realNow() - 60_000;
      log('a minute ago');
    } finally {
      Date.now = realNow;
    }
    log('just now\nand on');
    expect(logs('default', 'web', 'other', {})).toBe('other started\n');
    expect(logs('default', 'web', 'main', { sinceSeconds: 30 })).toBe('just now\nand on\n');
    expect(logs('default', 'web', 'main', { sinceSeconds: 90, tailLines: 3 })).toBe(
      'a minute ago\njust now\nand on\n',
    );
    expect(logs('default', 'web', 'main', { tailLines: 1, limitBytes: 3 })).toBe('and');
    const [line] = logs('default', 'web', undefined, { tailLines: 1, timestamps: true }).split('\n');
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z and on$/);
    cluster.cluster.close();
  });

  test('are followed until the container ends', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf({}));
    await settled();
    const seen: string[] = [];
    const follower = { write: (text: string) => seen.push(text), end: () => seen.push('the end') };
    cluster.cluster.pods.follow('default', 'web', 'main', { tailLines: 1 }, follower);
    const stopped: string[] = [];
    const stop = cluster.cluster.pods.follow(
      'default',
      'web',
      'main',
      {},
      {
        write: (text) => stopped.push(text),
        end: () => stopped.push('the end'),
      },
    );
    const { log } = cluster.program.of(find(cluster));
    log('one');
    stop();
    log('two');
    cluster.operations.delete(cluster.podType, 'web', 'default');
    await settled();
    expect(seen).toEqual(['main started\n', 'one\n', 'two\n', 'the end']);
    expect(stopped).toEqual(['main started\n', 'one\n']);
    cluster.cluster.close();
  });

  test('are kept to about two megabytes, the latest', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf({}));
    await settled();
    const { log } = cluster.program.of(find(cluster));
    for (let line = 0; line < 4000; line++) log(`${line} ${'x'.repeat(1000)}`);
    const text = cluster.cluster.pods.logs('default', 'web', 'main', {});
    expect(text.length).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(text.length).toBeGreaterThan(1024 * 1024);
    expect(text).toMatch(/^3999 x/m);
    cluster.cluster.close();
  });

  const wrong = [
    { what: 'no such pod', pod: 'nobody', container: 'main', code: 404, message: 'pods "nobody" not found' },
    {
      what: 'no such container',
      pod: 'web',
      container: 'x',
      code: 400,
      message: 'container x is not valid for pod web',
    },
    {
      what: 'not started',
      pod: 'waits',
      container: 'main',
      code: 400,
      message: 'container "main" in pod "waits" is waiting to start: ErrImagePull',
    },
  ];
  for (const { what, pod, container, code, message } of wrong) {
    test(`there are none: ${what}`, async () => {
      const cluster = openCluster();
      cluster.operations.create(podOf({}));
      cluster.operations.create(podOf({ containers: [{ name: 'main', image: 'nginx' }] }, 'waits'));
      await settled();
      expect(() => cluster.cluster.pods.logs('default', pod, container, {})).toThrow(
        expect.objectContaining({ code, message }),
      );
      cluster.cluster.close();
    });
  }

  test('without a container are those of the default one', async () => {
    const cluster = openCluster();
    const annotations = { 'kubectl.kubernetes.io/default-container': 'other' };
    cluster.operations.create(podOf(twoContainers, 'web', { annotations }));
    await settled();
    expect(cluster.cluster.pods.logs('default', 'web', undefined, {})).toBe('other started\n');
    cluster.cluster.close();
  });
});

test.describe('exec', () => {
  function streams(output: string[]): ExecStreams {
    return {
      stdin: (async function* () {})(),
      stdout: (chunk) => output.push(String(chunk)),
      stderr: (chunk) => output.push(String(chunk)),
      signal: new AbortController().signal,
    };
  }

  test('runs a command of the program, and gives back its status', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf({}));
    await settled();
    const output: string[] = [];
    expect(await cluster.cluster.pods.exec('default', 'web', undefined, ['hostname'], streams(output))).toBe(
      0,
    );
    expect(output).toEqual(['web\n']);
    cluster.cluster.close();
  });

  test('fails as container runtimes do when there is no such command', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf({}));
    await settled();
    await expect(
      cluster.cluster.pods.exec('default', 'web', 'main', ['curl'], streams([])),
    ).rejects.toMatchObject({
      code: 500,
      message: expect.stringContaining('exec: "curl": executable file not found in $PATH'),
    });
    await expect(
      cluster.cluster.pods.exec('default', 'web', 'x', ['curl'], streams([])),
    ).rejects.toMatchObject({ code: 400 });
    cluster.cluster.close();
  });

  test('ends with its container', async () => {
    const cluster = openCluster();
    cluster.operations.create(podOf({}));
    await settled();
    cluster.program.exec = (_, __, { signal }) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      signal.addEventListener('abort', () => resolve(137));
      return promise;
    };
    const ended = cluster.cluster.pods.exec('default', 'web', 'main', ['sleep'], streams([]));
    cluster.operations.delete(cluster.podType, 'web', 'default');
    expect(await ended).toBe(137);
    cluster.cluster.close();
  });
});

test('nothing runs on a node that somebody only wrote down', async () => {
  const cluster = openCluster();
  cluster.operations.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'paper' } });
  for (const name of ['one', 'two', 'three']) cluster.operations.create(podOf({}, name));
  cluster.operations.create(podOf({ nodeName: 'paper' }, 'bound'));
  await settled();
  const nodes = ['one', 'two', 'three'].map(
    (name) => (find(cluster, name).spec as { nodeName: string }).nodeName,
  );
  expect(new Set(nodes)).toEqual(new Set(['reference-control-plane', 'reference-worker']));
  expect(find(cluster, 'bound').status).toMatchObject({ phase: 'Pending' });
});

test('what happens to a pod is told by Events', async () => {
  const cluster = openCluster();
  const reasons = () => {
    const events = cluster.store.list('Event').map(({ reason, involvedObject, source }) => {
      const { fieldPath = '' } = involvedObject as { fieldPath?: string };
      return `${(source as { component: string }).component}: ${reason} ${fieldPath}`.trim();
    });
    return events.toSorted();
  };
  const started = ['Created', 'Pulled', 'Started'].map((one) => `kubelet: ${one} spec.containers{main}`);
  cluster.operations.create(podOf({}));
  await settled();
  expect(reasons()).toEqual(['default-scheduler: Scheduled', ...started]);
  cluster.operations.delete(cluster.podType, 'web', 'default');
  await settled();
  expect(reasons()).toEqual([
    'default-scheduler: Scheduled',
    'kubelet: Created spec.containers{main}',
    'kubelet: Killing spec.containers{main}',
    'kubelet: Pulled spec.containers{main}',
    'kubelet: Started spec.containers{main}',
  ]);
});

test('a namespace that goes takes its Events along', async () => {
  const cluster = openCluster();
  cluster.operations.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'brief' } });
  cluster.operations.create(podOf({}, 'web', { namespace: 'brief' }));
  await settled();
  expect(cluster.store.list('Event', 'brief')).not.toEqual([]);
  cluster.operations.delete(cluster.namespaceType, 'brief', undefined);
  await settled();
  expect(cluster.store.find('Namespace', 'brief')).toBeUndefined();
  expect(cluster.store.list('Event', 'brief')).toEqual([]);
});
