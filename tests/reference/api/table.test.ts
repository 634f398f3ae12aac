import { expect } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { columnsOf } from '../../../reference/api/table/columns.ts';
import { humanDuration } from '../../../reference/api/table/human-duration.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { pod, test } from './fixture.ts';
import { followLines } from './follow.ts';
import { raw } from './raw.ts';

interface Table {
  kind: string;
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: unknown[]; object?: KubeObject }[];
  metadata: object;
}

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

test('a list as a table has a row for each object, with its metadata', async ({
  mesh: { store, server },
}) => {
  store.create(pod('web'));
  const table = (await raw(server, '/api/v1/pods', { headers: { accept } })).json<Table>();
  expect(table.kind).toBe('Table');
  expect(table.metadata).toEqual({ resourceVersion: String(store.revision) });
  expect(table.columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
  ]);
  expect(table.rows[0]?.cells.slice(0, 4)).toEqual(['web', '0/1', 'Unknown', '0']);
  expect(table.rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'web' } });
});

for (const [include, kind] of [
  ['Object', 'Pod'],
  ['None', undefined],
  ['Metadata', 'PartialObjectMetadata'],
] as const) {
  test(`rows include ${include}`, async ({ mesh: { store, server } }) => {
    store.create(pod('web'));
    const table = await raw(server, `/api/v1/namespaces/shop/pods/web?includeObject=${include}`, {
      headers: { accept },
    });
    expect(table.json<Table>().rows[0]?.object?.kind).toBe(kind);
  });
}

test('only the first table of a watch defines columns', async ({ mesh: { store, server } }) => {
  store.create(pod('web'));
  store.create(pod('api'));
  const watch = await followLines(server, '/api/v1/pods?watch=1', { accept });
  const tables = [await watch.next(), await watch.next()].map(
    (line) => (JSON.parse(line) as { object: Table }).object,
  );
  watch.drop();
  expect(tables.map(({ columnDefinitions }) => columnDefinitions?.length ?? null)).toEqual([9, null]);
  expect(tables.map(({ rows }) => rows[0]?.cells[0])).toEqual(['api', 'web']);
});

test('every kind has a column for its name, and cells for an object without anything', () => {
  for (const type of resourceTypes) {
    const columns = columnsOf(type);
    expect(columns.filter(({ format }) => format === 'name')).toHaveLength(1);
    const bare = { apiVersion: '', kind: type.kind, metadata: { name: 'x' }, spec: {} };
    for (const { name, type: asked, cell } of columns) {
      expect(typeof cell(bare, 0), `${type.kind} ${name}`).toBe(asked === 'integer' ? 'number' : 'string');
    }
  }
});

const durations: [number, string][] = [
  [-5000, '<invalid>'],
  [-900, '0s'],
  [0, '0s'],
  [119_000, '119s'],
  [120_000, '2m'],
  [301_000, '5m1s'],
  [600_000, '10m'],
  [10_799_000, '179m'],
  [10_800_000, '3h'],
  [12_060_000, '3h21m'],
  [28_800_000, '8h'],
  [172_800_000, '2d'],
  [180_000_000, '2d2h'],
  [691_200_000, '8d'],
  [63_072_000_000, '2y'],
  [64_800_000_000, '2y20d'],
  [252_288_000_000, '8y'],
];
for (const [milliseconds, text] of durations) {
  test(`${milliseconds} ms are ${text}`, () => expect(humanDuration(milliseconds)).toBe(text));
}

const now = Date.parse('2026-01-01T01:00:00Z');
const running = (name: string, more: object = {}) => ({
  name,
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: {} },
  ...more,
});
const main = [{ name: 'main' }];
const sidecar = [{ name: 'proxy', restartPolicy: 'Always' }];
const init = [{ name: 'setup' }];

const pods: [string, KubeObject, [string, string, string]][] = [
  ['is pending', pod('x', { containers: main }, { phase: 'Pending' }), ['0/1', 'Pending', '0']],
  [
    'waits for its image',
    pod(
      'x',
      { containers: main },
      {
        phase: 'Pending',
        containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      },
    ),
    ['0/1', 'ImagePullBackOff', '0'],
  ],
  [
    'runs with a native sidecar and two others',
    pod(
      'x',
      { containers: [...main, { name: 'dikastes' }], initContainers: sidecar },
      {
        phase: 'Running',
        initContainerStatuses: [running('proxy')],
        containerStatuses: [running('main'), running('dikastes')],
      },
    ),
    ['3/3', 'Running', '0'],
  ],
  [
    'runs beside a sidecar that is not ready',
    pod(
      'x',
      { containers: main, initContainers: sidecar },
      {
        phase: 'Running',
        initContainerStatuses: [running('proxy', { ready: false })],
        containerStatuses: [running('main')],
      },
    ),
    ['1/2', 'Running', '0'],
  ],
  [
    'is at its second init container',
    pod(
      'x',
      { containers: main, initContainers: [...init, { name: 'second' }] },
      {
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'setup', state: { terminated: { exitCode: 0 } } },
          { name: 'second', state: { running: {} }, restartCount: 2 },
        ],
        containerStatuses: [{ name: 'main', state: { waiting: { reason: 'PodInitializing' } } }],
      },
    ),
    ['0/1', 'Init:1/2', '2'],
  ],
  [
    'has an init container that failed',
    pod(
      'x',
      { containers: main, initContainers: init },
      {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'setup', state: { terminated: { exitCode: 3 } } }],
      },
    ),
    ['0/1', 'Init:ExitCode:3', '0'],
  ],
  [
    'crashes',
    pod(
      'x',
      { containers: main },
      {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'main',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:55:00Z' } },
          },
        ],
      },
    ),
    ['0/1', 'CrashLoopBackOff', '4 (5m ago)'],
  ],
  [
    'is done',
    pod(
      'x',
      { containers: main },
      {
        phase: 'Succeeded',
        containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
      },
    ),
    ['0/1', 'Completed', '0'],
  ],
  [
    'is on its way out',
    {
      ...pod('x', { containers: main }, { phase: 'Running', containerStatuses: [running('main')] }),
      metadata: { name: 'x', deletionTimestamp: '2026-01-01T00:59:00Z' },
    },
    ['1/1', 'Terminating', '0'],
  ],
];
for (const [title, object, expected] of pods) {
  test(`a pod that ${title}`, () => expect(cellsOf('Pod', '', object).slice(1, 4)).toEqual(expected));
}

const others: [string, string, KubeObject, Record<string, unknown>][] = [
  [
    'Deployment',
    'apps',
    object({
      spec: {
        replicas: 3,
        selector: { matchLabels: { b: '2', a: '1' } },
        template: {
          spec: {
            containers: [
              { name: 'one', image: 'i' },
              { name: 'two', image: 'j' },
            ],
          },
        },
      },
      status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 1 },
    }),
    {
      Ready: '2/3',
      'Up-to-date': 3,
      Available: 1,
      Age: '60m',
      Containers: 'one,two',
      Images: 'i,j',
      Selector: 'a=1,b=2',
    },
  ],
  [
    'DaemonSet',
    'apps',
    object({ status: { desiredNumberScheduled: 2, numberReady: 1 } }),
    { Desired: 2, Current: 0, Ready: 1, 'Node Selector': '<none>' },
  ],
  [
    'ReplicaSet',
    'apps',
    object({
      spec: {
        replicas: 2,
        selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['x', 'y'] }] },
      },
      status: { replicas: 1 },
    }),
    { Desired: 2, Current: 1, Ready: 0, Selector: 'a in (x,y)' },
  ],
  [
    'Service',
    '',
    object({
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.0.0.1',
        ports: [
          { port: 80, nodePort: 30080 },
          { port: 53, protocol: 'UDP' },
        ],
      },
    }),
    { Type: 'LoadBalancer', 'External-IP': '<pending>', 'Port(s)': '80:30080/TCP,53/UDP' },
  ],
  [
    'Node',
    '',
    object({
      metadata: { name: 'x', labels: { 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }),
    { Status: 'Ready,SchedulingDisabled', Roles: 'control-plane', 'External-IP': '<none>' },
  ],
  ['ConfigMap', '', object({ data: { a: '1', b: '2' } }), { Data: 2 }],
  [
    'Event',
    '',
    object({
      type: 'Warning',
      reason: 'Failed',
      message: 'x\n',
      involvedObject: { kind: 'Pod', name: 'web' },
      lastTimestamp: '2026-01-01T00:59:30Z',
    }),
    { 'Last Seen': '30s', Object: 'pod/web', Message: 'x', Count: 1 },
  ],
  [
    'PeerAuthentication',
    'security.istio.io',
    object({ spec: { mtls: { mode: 'STRICT' } } }),
    { Mode: 'STRICT' },
  ],
  [
    'GlobalNetworkPolicy',
    'projectcalico.org',
    object({ spec: { order: 10, selector: 'all()' } }),
    { Tier: 'default', Order: '10', Selector: 'all()' },
  ],
];
for (const [kind, group, stored, expected] of others) {
  test(`the columns of a ${kind}`, () => {
    const names = columnsOf({ kind, group }).map(({ name }) => name);
    const cells = cellsOf(kind, group, stored);
    const shown = Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    expect(shown).toMatchObject(expected);
  });
}

function object(fields: Record<string, unknown>): KubeObject {
  const { metadata, ...rest } = fields;
  return {
    apiVersion: '',
    kind: '',
    ...rest,
    metadata: { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z', ...(metadata as object) },
  };
}

function cellsOf(kind: string, group: string, stored: KubeObject): unknown[] {
  return columnsOf({ kind, group }).map(({ cell }) => cell(stored, now));
}
