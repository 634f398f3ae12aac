import { statSync } from 'node:fs';
import { expect } from '@playwright/test';
import { foreignCertificate } from '../../../fixtures/certificates.ts';
import { test } from './fixture.ts';
import { raw } from './raw.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

test("the suite's client knows version and kinds", async ({ mesh: { cluster } }) => {
  expect(await cluster.version()).toBe('v1.34.4');
  expect(await cluster.supports('projectcalico.org/v3', 'GlobalNetworkPolicy')).toBe(true);
  expect(await cluster.supports('security.istio.io/v1beta1', 'PeerAuthentication')).toBe(true);
  expect(await cluster.supports('example.org/v1', 'Nothing')).toBe(false);
  expect(await cluster.supports('v1', 'Deployment')).toBe(false);
});

test('the kubeconfig is for its owner alone', async ({ mesh: _ }, info) => {
  expect(statSync(info.outputPath('kubeconfig')).mode & 0o777).toBe(0o600);
});

test('a client without a certificate is not let in', async ({ mesh: { server } }) => {
  const answer = await raw(server, '/api/v1/pods', { anonymous: true });
  expect(answer.status).toBe(401);
  expect(answer.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
});

test('a certificate of another authority is none', async ({ mesh: { server } }) => {
  const { cert, key } = await foreignCertificate('spiffe://elsewhere/someone');
  const foreign = { ...server, clientCertificate: cert, clientKey: key };
  expect((await raw(foreign, '/version')).status).toBe(401);
});

for (const path of ['/healthz', '/livez', '/readyz']) {
  test(`${path} is ok`, async ({ mesh: { server } }) => {
    expect(await raw(server, path)).toMatchObject({ status: 200, text: 'ok' });
  });
}

for (const path of [
  '/nowhere',
  '/api/v2/pods',
  '/api/v1/podz',
  '/api/v1/pods/web',
  '/api/v1//pods',
  '/apis/apps/v2',
  '/api/v1/namespaces/shop/nodes',
]) {
  test(`${path} is no page`, async ({ mesh: { server } }) => {
    expect(await raw(server, path)).toMatchObject({ status: 404, text: '404 page not found\n' });
  });
}

test('a resource list says what can be done with each resource', async ({ mesh: { server } }) => {
  const { resources } = (await raw(server, '/api/v1')).json<{ resources: { name: string }[] }>();
  const named = (name: string) => resources.find((resource) => resource.name === name);
  expect(named('pods')).toEqual({
    name: 'pods',
    singularName: 'pod',
    namespaced: true,
    kind: 'Pod',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    shortNames: ['po'],
    categories: ['all'],
  });
  expect(named('pods/exec')).toMatchObject({ kind: 'PodExecOptions', verbs: ['create', 'get'] });
  const apps = (await raw(server, '/apis/apps/v1')).json<{ resources: object[] }>();
  expect(apps.resources).toContainEqual(
    expect.objectContaining({
      name: 'deployments/scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    }),
  );
});

test('a group prefers its most mature version', async ({ mesh: { server } }) => {
  expect((await raw(server, '/apis/networking.istio.io')).json()).toMatchObject({
    versions: [{ version: 'v1' }, { version: 'v1beta1' }, { version: 'v1alpha3' }],
    preferredVersion: { groupVersion: 'networking.istio.io/v1' },
  });
});

test('aggregated discovery has everything in two answers', async ({ mesh: { server } }) => {
  const core = await raw(server, '/api', { headers: { accept: aggregated } });
  expect(core.contentType).toBe(aggregated);
  const { items } = core.json<{ items: { versions: { resources: { resource: string }[] }[] }[] }>();
  expect(items[0]?.versions[0]?.resources.find(({ resource }) => resource === 'pods')).toMatchObject({
    scope: 'Namespaced',
    responseKind: { group: '', version: 'v1', kind: 'Pod' },
    subresources: expect.arrayContaining([expect.objectContaining({ subresource: 'log', verbs: ['get'] })]),
  });
  const others = await raw(server, '/apis', { headers: { accept: aggregated } });
  expect(others.json()).toMatchObject({
    kind: 'APIGroupDiscoveryList',
    items: expect.arrayContaining([
      expect.objectContaining({ metadata: { name: 'apps', creationTimestamp: null } }),
    ]),
  });
});

test('without that, the groups are a list', async ({ mesh: { server } }) => {
  expect((await raw(server, '/api')).json()).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  expect((await raw(server, '/apis')).json()).toMatchObject({
    kind: 'APIGroupList',
    groups: expect.arrayContaining([expect.objectContaining({ name: 'projectcalico.org' })]),
  });
});

test('OpenAPI says that patches validate fields', async ({ mesh: { server } }) => {
  const index = (await raw(server, '/openapi/v3')).json<{
    paths: Record<string, { serverRelativeURL: string }>;
  }>();
  const { paths } = (await raw(server, index.paths['apis/apps/v1']!.serverRelativeURL)).json<{
    paths: object;
  }>();
  expect(paths).toMatchObject({
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': {
      patch: {
        'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
        parameters: expect.arrayContaining([
          expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
        ]),
      },
    },
  });
});

test('the documents of OpenAPI v3 are JSON alone', async ({ mesh: { server } }) => {
  const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
  const path = '/openapi/v3/apis/apps/v1';
  expect((await raw(server, path, { headers: { accept } })).status).toBe(406);
  expect((await raw(server, path, { headers: { accept: `${accept},application/json` } })).status).toBe(200);
});

test('OpenAPI v2 in protobuf has no kinds, which is why kubectl says that one is unknown', async ({
  mesh: { server },
}) => {
  const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
  const answer = await raw(server, '/openapi/v2', { headers: { accept } });
  expect(answer).toMatchObject({ status: 200, text: '\n\u00032.0' });
  // Go's parser of content types refuses the character that the request has.
  expect(answer.contentType).toBe(accept.replace('@', '.'));
});

test('the user may do everything, and learns who it is', async ({ mesh: { cluster } }) => {
  const group = 'authorization.k8s.io/v1';
  expect(
    await cluster.raw('POST', `/apis/${group}/selfsubjectaccessreviews`, {
      apiVersion: group,
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'create', resource: 'pods' } },
    }),
  ).toMatchObject({ spec: { resourceAttributes: { verb: 'create' } }, status: { allowed: true } });
  expect(await cluster.raw('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})).toMatchObject({
    status: { userInfo: { username: 'reference-admin', groups: ['system:masters', 'system:authenticated'] } },
  });
});
