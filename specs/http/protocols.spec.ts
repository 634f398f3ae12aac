import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import { lookWhetherOpen } from '../../fixtures/probes/still-open.ts';
import {
  bytes,
  control,
  expect,
  GET,
  grpc,
  h2,
  over,
  POST,
  requirement,
  webSocket,
} from '../../fixtures/test.ts';

requirement('HTTP-18', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ methods: ['POST'], paths: [{ exact: '/alp.Conformance/Allowed' }] }),
    allow({ methods: ['GET'], paths: [{ exact: '/alp.Conformance/OnlyGet' }] }),
  ]);
  const route = await sandbox.route('client', 'echo', { port: 'grpc' });
  const denied = grpc('/alp.Conformance/Denied');
  await expect(route).toDecide([
    [grpc('/alp.Conformance/Allowed'), 'allowed', control],
    [denied, 'denied by alp'],
    [grpc('/alp.Conformance/OnlyGet'), 'denied by alp'],
  ]);
  const [judged] = await observe(route, [denied]);
  expect(judged?.observation.response, 'the answer to a denied call').toMatchObject({
    grpcStatus: 7,
    bodyBytes: 0,
  });
});

requirement('HTTP-19', async ({ policy, sandbox }) => {
  const connection = await sandbox.route('client', 'echo', { port: 'tcp-echo' });
  await expect(connection).toDecide([[bytes('before any policy'), 'allowed', control]]);
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  await expect(connection).toDecide([
    [bytes('no HTTP'), 'denied by alp'],
    // What looks like HTTP is none on a port that speaks something else.
    [bytes('GET / HTTP/1.1\r\nHost: echo\r\n\r\n'), 'denied by alp'],
  ]);
});

// The port named `http` gets HTTP/2 as far as the client's sidecar, the one named `grpc` all the way.
for (const port of ['http', 'grpc'] as const) {
  requirement('HTTP-21', `on the port ${port}`, async ({ policy, sandbox }) => {
    await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }, { prefix: '/open' }] })]);
    const allowed = [GET('/'), GET('/?x=1'), GET('/open/a')];
    const denied = [GET('/shut'), GET('/open/../shut'), POST('/')];
    await expect(await sandbox.route('client', 'echo', { port })).toDecide([
      ...allowed.map((request) => [request, 'allowed', control] as const),
      ...allowed.map((request) => [h2(request), 'allowed'] as const),
      ...denied.map((request) => [request, 'denied by alp'] as const),
      ...denied.map((request) => [h2(request), 'denied by alp'] as const),
    ]);
  });
}

requirement('HTTP-22', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ methods: ['GET'], paths: [{ exact: '/socket' }] }),
    allow({ methods: ['POST'], paths: [{ exact: '/only-post' }] }),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [webSocket('/socket'), 'allowed', control],
    [webSocket('/other'), 'denied by alp'],
    [webSocket('/only-post'), 'denied by alp'],
  ]);
});

requirement('HTTP-23', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  const name = 'open before the denial';
  await expect(route).toDecide([[over(name, webSocket('/socket')), 'allowed', control]]);
  await policy.enforce([openTransport]);
  const denial = [[webSocket('/socket'), 'denied by alp']] as const;
  await premise(route, denial, 'no denial came, so what stays open says nothing');
  await lookWhetherOpen(route, name, webSocket('/socket'));
});
