import { expect, test } from '@playwright/test';
import { strategicMerge } from '../../../reference/store/strategic-merge.ts';
import { refusal } from './objects.ts';

type Json = Record<string, unknown>;
const named = (...names: string[]) => names.map((name) => ({ name }));

/** Of the spec of a Pod, unless the kind is another one. */
const table: { what: string; kind?: [string, string]; before: Json; patch: Json; after: Json }[] = [
  {
    what: 'maps are merged and null deletes',
    before: { nodeSelector: { a: '1', b: '2' }, hostNetwork: true },
    patch: { nodeSelector: { a: null, c: '3' }, hostNetwork: null },
    after: { nodeSelector: { b: '2', c: '3' } },
  },
  {
    what: 'containers are merged by name, and others stay',
    before: { containers: [{ name: 'a', image: '1', args: ['x'] }, { name: 'b' }] },
    patch: { containers: [{ name: 'a', image: '2' }] },
    after: { containers: [{ name: 'a', image: '2', args: ['x'] }, { name: 'b' }] },
  },
  {
    what: 'a new container comes first unless the patch gives an order',
    before: { containers: named('a') },
    patch: { containers: named('sidecar') },
    after: { containers: named('sidecar', 'a') },
  },
  {
    what: 'an order puts a new container last',
    before: { containers: named('a') },
    patch: { '$setElementOrder/containers': named('a', 'b'), containers: named('b') },
    after: { containers: named('a', 'b') },
  },
  {
    what: 'an order alone moves items, and those only the object has stay before the ones they preceded',
    before: { volumes: named('a', 'ours', 'b', 'c') },
    patch: { '$setElementOrder/volumes': named('c', 'a', 'b') },
    after: { volumes: named('ours', 'c', 'a', 'b') },
  },
  {
    what: 'an item is deleted by its key',
    before: { containers: named('a', 'b', 'c') },
    patch: { '$setElementOrder/containers': named('a', 'c'), containers: [{ name: 'b', $patch: 'delete' }] },
    after: { containers: named('a', 'c') },
  },
  {
    what: 'a list is replaced as a whole',
    before: { containers: [{ name: 'a', image: '1' }] },
    patch: { containers: [{ name: 'b' }, { $patch: 'replace' }] },
    after: { containers: named('b') },
  },
  {
    what: 'a map is replaced as a whole',
    before: { securityContext: { runAsUser: 1, runAsGroup: 2 } },
    patch: { securityContext: { $patch: 'replace', runAsUser: 3 } },
    after: { securityContext: { runAsUser: 3 } },
  },
  {
    what: 'a map is emptied',
    before: { securityContext: { runAsUser: 1 } },
    patch: { securityContext: { $patch: 'delete' } },
    after: { securityContext: {} },
  },
  {
    what: 'merging may be said explicitly',
    before: { securityContext: { runAsUser: 1 } },
    patch: { securityContext: { $patch: 'merge', runAsGroup: 2 } },
    after: { securityContext: { runAsUser: 1, runAsGroup: 2 } },
  },
  {
    what: 'only retained keys stay',
    before: { volumes: [{ name: 'v', emptyDir: {} }] },
    patch: { volumes: [{ $retainKeys: ['name', 'secret'], name: 'v', secret: { secretName: 's' } }] },
    after: { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
  },
  {
    what: 'lists inside items are merged by their own keys',
    before: {
      containers: [
        {
          name: 'a',
          env: [{ name: 'X', value: '1' }],
          ports: [{ containerPort: 80, name: 'http' }],
          volumeMounts: [{ mountPath: '/a', name: 'v' }],
        },
      ],
    },
    patch: {
      containers: [
        {
          name: 'a',
          env: [
            { name: 'X', value: '2' },
            { name: 'Y', value: null, valueFrom: {} },
          ],
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          volumeMounts: [{ mountPath: '/a', readOnly: true }],
        },
      ],
    },
    after: {
      containers: [
        {
          name: 'a',
          env: [
            { name: 'X', value: '2' },
            { name: 'Y', valueFrom: {} },
          ],
          ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }],
          volumeMounts: [{ mountPath: '/a', name: 'v', readOnly: true }],
        },
      ],
    },
  },
  {
    what: 'tolerations and arguments are one value',
    before: { tolerations: [{ key: 'a' }], containers: [{ name: 'a', args: ['1', '2'] }] },
    patch: { tolerations: [{ key: 'b' }], containers: [{ name: 'a', args: ['3'] }] },
    after: { tolerations: [{ key: 'b' }], containers: [{ name: 'a', args: ['3'] }] },
  },
  {
    what: 'ports of a Service are known by their port',
    kind: ['v1', 'Service'],
    before: { ports: [{ port: 80, targetPort: 8080 }, { port: 443 }] },
    patch: { '$setElementOrder/ports': [{ port: 80 }, { port: 443 }], ports: [{ port: 80, targetPort: 9 }] },
    after: { ports: [{ port: 80, targetPort: 9 }, { port: 443 }] },
  },
  {
    what: 'lists without keys are replaced',
    kind: ['networking.k8s.io/v1', 'NetworkPolicy'],
    before: { ingress: [{ from: [1] }], policyTypes: ['Ingress'] },
    patch: { ingress: [{ from: [2] }] },
    after: { ingress: [{ from: [2] }], policyTypes: ['Ingress'] },
  },
];
for (const { what, kind: [apiVersion, kind] = ['v1', 'Pod'], before, patch, after } of table) {
  test(`strategic merge: ${what}`, () => {
    const target = { apiVersion, kind, spec: before };
    const copy = structuredClone(target);
    expect(strategicMerge(target, { spec: patch })).toEqual({ apiVersion, kind, spec: after });
    expect(target).toEqual(copy);
  });
}

test('strategic merge: finalizers are a set that values are put into and taken from', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { finalizers: ['a', 'b'] } };
  const merged = (metadata: object) => (strategicMerge(pod, { metadata }).metadata as Json).finalizers;
  expect(merged({ finalizers: ['c', 'a'] })).toEqual(['c', 'a', 'b']);
  expect(merged({ '$deleteFromPrimitiveList/finalizers': ['a'] })).toEqual(['b']);
  expect(merged({ '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] })).toEqual(['c', 'b']);
  expect(merged({ '$setElementOrder/finalizers': ['b', 'a'] })).toEqual(['b', 'a']);
});

test('strategic merge: conditions are known by type, owners by uid', () => {
  const before = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ownerReferences: [{ uid: '1', name: 'a' }] },
    status: { conditions: [{ type: 'A', status: 'False' }, { type: 'B' }] },
  };
  const patch = {
    metadata: { ownerReferences: [{ uid: '1', controller: true }] },
    status: { conditions: [{ type: 'A', status: 'True' }] },
  };
  expect(strategicMerge(before, patch)).toMatchObject({
    metadata: { ownerReferences: [{ uid: '1', name: 'a', controller: true }] },
    status: { conditions: [{ type: 'A', status: 'True' }, { type: 'B' }] },
  });
});

const wrong: [what: string, spec: Json][] = [
  ['an unknown directive', { securityContext: { $patch: 'merged' } }],
  ['an item without its key', { containers: [{ image: 'x' }] }],
  ['a key that is patched but not retained', { $retainKeys: ['a'], b: 1 }],
  ['an order that is no list', { '$setElementOrder/containers': 'a' }],
];
for (const [what, spec] of wrong) {
  test(`strategic merge refuses ${what}`, () => {
    const target = { apiVersion: 'v1', kind: 'Pod', spec: {} };
    expect(refusal(() => strategicMerge(target, { spec }))).toMatchObject({ code: 400 });
  });
}
