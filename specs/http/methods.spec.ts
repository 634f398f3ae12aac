import { allow, type HttpMatch, openTransport } from '../../fixtures/policies/rules.ts';
import {
  control,
  DELETE,
  expect,
  GET,
  HEAD,
  OPTIONS,
  PATCH,
  POST,
  PUT,
  request,
  requirement,
} from '../../fixtures/test.ts';

/**
 * What the RFCs have names for and proxies pass on: those of RFC 9110 and RFC 5789, and two extensions. CONNECT asks
 * a proxy for a tunnel, which no sidecar gives. Methods that Envoy has no name for it answers with 400 by itself
 * (envoy `source/common/http/http1/balsa_parser.cc`; Istio does not set `allow_custom_methods`).
 */
const passedOn = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
  ...['PROPFIND', 'PURGE'],
] as const;

requirement('HTTP-02', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [HEAD('/'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
    [PUT('/'), 'denied by alp'],
    [PATCH('/'), 'denied by alp'],
    [DELETE('/'), 'denied by alp'],
    [OPTIONS('/'), 'denied by alp'],
  ]);
});

requirement('HTTP-03', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET', 'POST', 'DELETE'] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed'],
    [POST('/'), 'allowed'],
    [DELETE('/'), 'allowed'],
    [PUT('/'), 'denied by alp'],
    [HEAD('/'), 'denied by alp'],
  ]);
});

requirement('HTTP-04', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ methods: ['get', 'Post'], paths: [{ prefix: '/' }] }),
    allow({ methods: ['GET', 'POST'], paths: [{ exact: '/control' }] }),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/control'), 'allowed', control],
    [POST('/control'), 'allowed'],
    [GET('/'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
  ]);
});

const anyMethod: [name: string, clause: HttpMatch][] = [
  ['no methods', {}],
  ['an asterisk', { methods: ['*'] }],
];
for (const [name, clause] of anyMethod) {
  requirement('HTTP-05', name, async ({ policy, sandbox }) => {
    await policy.enforce([allow({ ...clause, paths: [{ exact: '/any' }] })]);
    await expect(await sandbox.route('client', 'echo')).toDecide([
      ...passedOn.map((method) => [request(method, '/any'), 'allowed'] as const),
      [GET('/other'), 'denied by alp'],
    ]);
  });
}

requirement('HTTP-05', 'an empty clause', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([openTransport]);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
  await policy.enforce([{ action: 'Allow', http: {} }]);
  await expect(route).toDecide(passedOn.map((method) => [request(method, '/'), 'allowed'] as const));
});

requirement('HTTP-06', async ({ policy, sandbox }) => {
  const pathOf = (method: string) => `/only/${method}`;
  const neighbour = (index: number) => passedOn.at(index % passedOn.length) as string;
  await policy.enforce([
    allow({ paths: [{ exact: '/any' }] }),
    ...passedOn.map((method) => allow({ methods: [method], paths: [{ exact: pathOf(method) }] })),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    ...passedOn.flatMap((method, index) => [
      [request(method, pathOf(method)), 'allowed'] as const,
      [request(method, pathOf(neighbour(index - 1))), 'denied by alp'] as const,
      [request(method, pathOf(neighbour(index + 1))), 'denied by alp'] as const,
    ]),
  ]);
});

requirement('HTTP-13', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed'],
    [GET('/any/path?of=all'), 'allowed'],
    [GET('//'), 'allowed'],
    [POST('/'), 'denied by alp'],
    [POST('/any/path?of=all'), 'denied by alp'],
  ]);
});
