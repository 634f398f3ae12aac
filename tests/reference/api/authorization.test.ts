import { expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { startApiServer } from '../../../reference/api/server.ts';
import { Operations } from '../../../reference/store/operations.ts';
import { FakePods } from './fake-pods.ts';
import { configMap, pod, test } from './fixture.ts';
import { raw } from './raw.ts';
import { askForToken, asRobot, makeRobot, tokenOf } from './service-account.ts';

const configMaps = '/api/v1/namespaces/shop/configmaps';
const core = (resources: string[], verbs: string[], resourceNames?: string[]) => ({
  apiGroups: [''],
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
});

test('a service account may do what its roles say, where they say so', async ({
  mesh: { store, server },
}) => {
  makeRobot(store, [{ rules: [core(['configmaps'], ['get'], ['mine'])], namespace: 'shop' }]);
  store.create(configMap('mine'));
  store.create(configMap('theirs'));
  expect((await asRobot(server, `${configMaps}/mine`)).status).toBe(200);
  for (const [path, sentence] of [
    [
      `${configMaps}/theirs`,
      'configmaps "theirs" is forbidden: User "system:serviceaccount:shop:robot" cannot get resource "configmaps" in API group "" in the namespace "shop"',
    ],
    [
      '/apis/apps/v1/deployments',
      'deployments.apps is forbidden: User "system:serviceaccount:shop:robot" cannot list resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      '/api/v1/namespaces/shop/pods/web/log',
      'pods "web" is forbidden: User "system:serviceaccount:shop:robot" cannot get resource "pods/log" in API group "" in the namespace "shop"',
    ],
    ['/metrics', 'forbidden: User "system:serviceaccount:shop:robot" cannot get path "/metrics"'],
  ]) {
    const answer = await asRobot(server, path as string);
    expect(answer.json()).toMatchObject({ reason: 'Forbidden', code: 403, message: sentence });
    expect(answer.status).toBe(403);
  }
});

test('everyone who is known may ask what is served, and what they may do', async ({
  mesh: { store, server },
}) => {
  makeRobot(store, [{ rules: [core(['pods'], ['list'])] }]);
  for (const path of ['/version', '/apis', '/api/v1', '/openapi/v3']) {
    expect((await asRobot(server, path)).status, path).toBe(200);
  }
  const may = async (resourceAttributes: object) => {
    const body = { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await asRobot(server, path, { method: 'POST', body });
    return answer.json<{ status: { allowed: boolean } }>().status.allowed;
  };
  expect(await may({ verb: 'list', resource: 'pods' })).toBe(true);
  expect(await may({ verb: 'list', resource: 'pods', namespace: 'shop' })).toBe(true);
  expect(await may({ verb: 'watch', resource: 'pods' })).toBe(false);
  expect(await may({ verb: '*', group: '*', resource: '*' })).toBe(false);
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const rules = await asRobot(server, path, { method: 'POST', body: { spec: { namespace: 'shop' } } });
  expect(rules.json()).toMatchObject({
    status: { resourceRules: expect.arrayContaining([core(['pods'], ['list'])]) },
  });
});

test('a token lasts as long as was asked, at least ten minutes, and no longer than its account', async ({
  mesh: { store, server },
}) => {
  makeRobot(store, []);
  const long = (await askForToken(server, { expirationSeconds: 86_400 })).json<{
    status: { expirationTimestamp: string };
  }>();
  const hours = (Date.parse(long.status.expirationTimestamp) - Date.now()) / 3_600_000;
  expect(hours).toBeCloseTo(24, 1);
  const short = await askForToken(server, { expirationSeconds: 60 });
  expect(short.json()).toMatchObject({
    code: 422,
    message: expect.stringContaining('may not specify a duration less than 10 minutes'),
  });
  const token = await tokenOf(server);
  const version = () =>
    raw(server, '/version', { anonymous: true, headers: { authorization: `Bearer ${token}` } });
  expect((await version()).status).toBe(200);
  store.remove('ServiceAccount', 'robot', 'shop');
  expect((await version()).status).toBe(401);
});

test('applying what is not there takes the right to create it by its name', async ({
  mesh: { store, server },
}) => {
  const apply = (name: string) =>
    asRobot(server, `${configMaps}/${name}?fieldManager=robot`, {
      method: 'PATCH',
      type: 'application/apply-patch+yaml',
      body: configMap(name, { data: { a: name } }),
    });
  makeRobot(store, [
    {
      rules: [core(['configmaps'], ['patch']), core(['configmaps'], ['create'], ['mine'])],
      namespace: 'shop',
    },
  ]);
  store.create(configMap('there'));
  expect((await apply('there')).status).toBe(200);
  expect((await apply('mine')).status).toBe(201);
  expect((await apply('other')).json()).toMatchObject({
    message: expect.stringContaining('cannot create resource "configmaps"'),
  });
  // A request to create says the name in its body only, which nobody looks at.
  const posted = await asRobot(server, configMaps, { method: 'POST', body: configMap('mine') });
  expect(posted.status).toBe(403);
});

for (const [version, verbs, code] of [
  ['v1.34.4', ['get'], 101],
  ['v1.35.0', ['get'], 403],
  ['v1.35.0', ['create'], 403],
  ['v1.35.0', ['get', 'create'], 101],
] as const) {
  test(`an exec with ${verbs.join(' and ')} on Kubernetes ${version} ends with ${code}`, async ({
    mesh: { store },
    certificates,
  }) => {
    makeRobot(store, [{ rules: [core(['pods/exec'], [...verbs])] }]);
    store.create(pod('web'));
    const pods = new FakePods();
    pods.command = async () => 0;
    const operations = new Operations(store, []);
    const server = await startApiServer({ store, operations, pods, version, certificates });
    const path = '/api/v1/namespaces/shop/pods/web/exec?command=ls&stdout=true';
    const socket = new WebSocket(server.url.replace('https', 'wss') + path, ['v5.channel.k8s.io'], {
      ca: server.ca,
      headers: { authorization: `Bearer ${await tokenOf(server)}` },
    });
    socket.on('error', () => {});
    const got = await new Promise((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
    });
    expect(got).toBe(code);
    socket.terminate();
    await server.close();
  });
}
