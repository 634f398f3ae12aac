import { expect, test } from '@playwright/test';
import type { AdmissionPlugin, AdmissionRequest } from '../../../reference/store/operations.ts';
import { forbiddenObject } from '../../../reference/store/status-error.ts';
import { configMap, deployment, pod, refusal, types, world } from './objects.ts';

test('a new object keeps nothing that only the API sets', () => {
  const { operations: api } = world();
  const metadata = {
    name: 'web',
    namespace: 'shop',
    uid: 'x',
    generation: 7,
    creationTimestamp: '2020-01-01T00:00:00Z',
    deletionTimestamp: '2020-01-01T00:00:00Z',
    managedFields: [{ manager: 'x' }],
  };
  const created = api.create({ ...deployment({ replicas: 1 }), metadata, status: { replicas: 1 } });
  expect(created.metadata.uid).not.toBe('x');
  expect(created.metadata).toMatchObject({
    generation: 1,
    creationTimestamp: expect.not.stringMatching(/^2020/),
  });
  expect(created.metadata.deletionTimestamp).toBeUndefined();
  expect(created).not.toHaveProperty('status');
});

test('a status that is no subresource is stored with the object', () => {
  const { operations: api } = world();
  const policy = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'p' } };
  expect(api.create({ ...policy, status: { a: 1 } }).status).toEqual({ a: 1 });
});

const refusedNames: [kind: string, name: string, why: string][] = [
  [
    'ConfigMap',
    'Web',
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
  ],
  ['ConfigMap', 'web_1', 'a lowercase RFC 1123 subdomain'],
  ['ConfigMap', '-web', 'a lowercase RFC 1123 subdomain'],
  ['ConfigMap', 'a'.repeat(254), 'must be no more than 253 characters'],
  ['Namespace', 'a.b', 'a lowercase RFC 1123 label'],
  ['Service', '1web', 'a DNS-1035 label'],
];
for (const [kind, name, why] of refusedNames) {
  test(`a ${kind} cannot be named ${name.slice(0, 10)}`, () => {
    const { operations: api } = world();
    const metadata = kind === 'Namespace' ? { name } : { name, namespace: 'shop' };
    const error = refusal(() => api.create({ apiVersion: 'v1', kind, metadata }));
    expect(error).toMatchObject({ code: 422, reason: 'Invalid', details: { name, kind } });
    expect(error.message).toContain(
      `${kind} "${name}" is invalid: metadata.name: Invalid value: "${name}": ${why}`,
    );
    expect(error.details?.causes?.[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.name' });
  });
}

test('names with dots and digits are good for most kinds', () => {
  const { operations: api } = world();
  expect(api.create(configMap('1.web-2')).metadata.name).toBe('1.web-2');
});

test('nothing is created in a namespace that is not there, or goes', () => {
  const { operations: api } = world();
  expect(refusal(() => api.create(configMap('c', {}, 'none')))).toMatchObject({
    code: 404,
    message: 'namespaces "none" not found',
  });
  api.delete(types.namespace, 'shop', undefined);
  const error = refusal(() => api.create(deployment({})));
  expect(error.toStatus()).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
    details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
  });
});

const parts: [subresource: string | undefined, changed: Record<string, unknown>][] = [
  [
    undefined,
    { spec: { replicas: 2, paused: true }, status: { replicas: 1 }, metadata: { labels: { a: 'b' } } },
  ],
  ['status', { spec: { replicas: 1 }, status: { replicas: 5 } }],
  ['scale', { spec: { replicas: 2 }, status: { replicas: 1 } }],
];
for (const [subresource, changed] of parts) {
  test(`an update of ${subresource ?? 'the object itself'} changes that only`, () => {
    const { store, operations: api } = world();
    const before = store.create({ ...deployment({ replicas: 1 }), status: { replicas: 1 } });
    const after = api.update(
      {
        ...before,
        metadata: { ...before.metadata, labels: { a: 'b' } },
        spec: { replicas: 2, paused: true },
        status: { replicas: 5 },
      },
      { subresource },
    );
    expect(after).toMatchObject(changed);
    expect(after.spec).toEqual(changed.spec);
    if (subresource !== undefined) expect(after.metadata.labels).toBeUndefined();
  });
}

test('times may come back in the form that a client reads them in', () => {
  const { operations: api } = world();
  const { creationTimestamp, ...metadata } = api.create(configMap('c'), { fieldManager: 'one' }).metadata;
  const at = new Date(String(creationTimestamp)).toISOString();
  const managedFields = (metadata.managedFields as object[]).map((entry) => ({ ...entry, time: at }));
  const sent = {
    ...configMap('c', { a: '1' }),
    metadata: { ...metadata, creationTimestamp: at, managedFields },
  };
  const updated = api.update(sent, { fieldManager: 'two' }).metadata;
  expect(updated.creationTimestamp).toBe(creationTimestamp);
  const times = (updated.managedFields as { time: string }[]).map(({ time }) => time);
  expect(times).toEqual([creationTimestamp, expect.not.stringContaining('.')]);
  const { resourceVersion: _, ...rest } = metadata;
  expect(
    api.update({ ...sent, metadata: { ...rest, creationTimestamp: null as never } }).metadata,
  ).toMatchObject({
    creationTimestamp,
  });
  const other = { ...sent, metadata: { ...rest, creationTimestamp: '2001-01-01T00:00:00Z' } };
  expect(refusal(() => api.update(other)).toStatus()).toMatchObject({
    details: { causes: [{ field: 'metadata.creationTimestamp' }] },
  });
});

test('a kind has only the subresources it has', () => {
  const { operations: api } = world();
  api.create(configMap('c'));
  expect(refusal(() => api.update(configMap('c'), { subresource: 'status' })).code).toBe(404);
});

test('an update with an old resourceVersion or for another object is refused', () => {
  const { operations: api } = world();
  const first = api.create(configMap('c', { a: '1' }));
  api.update({ ...first, data: { a: '2' } });
  expect(refusal(() => api.update({ ...first, data: { a: '3' } })).code).toBe(409);
  const { resourceVersion: _, ...metadata } = first.metadata;
  expect(api.update({ ...first, metadata, data: { a: '3' } }).data).toEqual({ a: '3' });
  expect(refusal(() => api.update({ ...first, metadata: { ...metadata, uid: 'x' } })).code).toBe(409);
  const policy = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'p' } };
  api.create(policy);
  expect(refusal(() => api.update(policy)).message).toContain(
    'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
});

test('plugins change an object one after the other, then all check it', () => {
  const seen: string[] = [];
  const tag = (name: string): AdmissionPlugin => ({
    mutate: ({ object, operation }) => {
      seen.push(`${operation} mutate ${name}`);
      return {
        ...object,
        metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [name]: '' } },
      };
    },
    validate: ({ object, old, operation }: AdmissionRequest) => {
      seen.push(
        `${operation} ${Object.keys(object.metadata.annotations ?? {})} ${old?.metadata.name ?? 'new'}`,
      );
    },
  });
  const { operations: api } = world([tag('a'), {}, tag('b')]);
  const created = api.create(configMap('c'), { fieldValidation: 'Strict' });
  expect(created.metadata.annotations).toEqual({ a: '', b: '' });
  api.delete(types.configMap, 'c', 'shop');
  expect(seen).toEqual([
    'CREATE mutate a',
    'CREATE mutate b',
    'CREATE a,b new',
    'CREATE a,b new',
    'DELETE a,b c',
    'DELETE a,b c',
  ]);
});

test('a plugin may change an object in place without touching what the client sent', () => {
  const plugin: AdmissionPlugin = {
    mutate: ({ object }) => {
      (object.data as Record<string, string>).b = '2';
      return object;
    },
  };
  const { operations: api } = world([plugin]);
  const sent = configMap('c', { a: '1' });
  expect(api.create(sent).data).toEqual({ a: '1', b: '2' });
  expect(sent.data).toEqual({ a: '1' });
});

test('what a plugin refuses is not stored', () => {
  const plugin: AdmissionPlugin = {
    validate: ({ type, object, operation, dryRun, fieldValidation }) => {
      throw forbiddenObject(type, object.metadata.name, `${operation} ${dryRun} ${fieldValidation}`);
    },
  };
  const { store, operations: api } = world([plugin]);
  const error = refusal(() => api.create(pod({}), { dryRun: true, fieldValidation: 'Strict' }));
  expect(error).toMatchObject({ code: 403, message: 'pods "web" is forbidden: CREATE true Strict' });
  expect(refusal(() => api.create(pod({}))).message).toContain('CREATE false Warn');
  expect(store.list('Pod')).toEqual([]);
});

test('dry runs go all the way and leave no trace', () => {
  const { store, operations: api } = world();
  const kept = api.create(configMap('kept', { a: '1' }));
  const revision = store.revision;
  const created = api.create(configMap('c'), { dryRun: true });
  expect(created.metadata.uid).toBeDefined();
  expect(created.metadata.resourceVersion).toBeUndefined();
  expect(api.update({ ...kept, data: { a: '2' } }, { dryRun: true })).toMatchObject({
    data: { a: '2' },
    metadata: { resourceVersion: kept.metadata.resourceVersion },
  });
  api.patch(types.configMap, 'kept', 'shop', { type: 'merge', body: { data: null } }, { dryRun: true });
  api.delete(types.configMap, 'kept', 'shop', { dryRun: true });
  api.delete(types.namespace, 'shop', undefined, { dryRun: true });
  expect(refusal(() => api.create(configMap('kept'), { dryRun: true })).code).toBe(409);
  expect(store.revision).toBe(revision);
  expect(store.list('ConfigMap')).toEqual([kept]);
});

test('an object that is written as it is makes no revision', () => {
  const { store, operations: api } = world();
  const created = api.create(configMap('c', { a: '1' }), { fieldManager: 'one' });
  const revision = store.revision;
  expect(api.update(created, { fieldManager: 'two' })).toBe(created);
  api.patch(
    types.configMap,
    'c',
    'shop',
    { type: 'merge', body: { data: { a: '1' } } },
    { fieldManager: 'two' },
  );
  expect(store.revision).toBe(revision);
});

test('what plugins turn back into what it was makes no revision, however much later', () => {
  const plugin: AdmissionPlugin = { mutate: ({ object }) => ({ ...object, data: { a: '1' } }) };
  const { store, operations: api } = world([plugin]);
  api.create(configMap('c', { a: '1' }), { fieldManager: 'one' });
  const body = { data: { a: '2' } };
  const patch = () =>
    api.patch(types.configMap, 'c', 'shop', { type: 'merge', body }, { fieldManager: 'edit' }).object;
  patch();
  store.change('ConfigMap', 'c', 'shop', ({ metadata }) => {
    for (const entry of metadata.managedFields as { time: string }[]) entry.time = '2020-01-01T00:00:00Z';
  });
  const revision = store.revision;
  expect(patch().data).toEqual({ a: '1' });
  expect(store.revision).toBe(revision);
});

test('plugins have no say in a status', () => {
  const plugin: AdmissionPlugin = {
    validate: ({ type, object, operation }) => {
      if (operation === 'UPDATE') throw forbiddenObject(type, object.metadata.name, 'no updates');
    },
  };
  const { operations: api } = world([plugin]);
  const created = api.create(pod({}));
  const status = { phase: 'Running' };
  expect(api.update({ ...created, status }, { subresource: 'status' }).status).toEqual(status);
  expect(refusal(() => api.update({ ...created, spec: { a: 1 } })).code).toBe(409);
  const { resourceVersion: _, ...metadata } = created.metadata;
  expect(refusal(() => api.update({ ...created, metadata, spec: { a: 1 } })).code).toBe(403);
});
