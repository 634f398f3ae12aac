import { podLogs } from '../../fixtures/cluster/logs.ts';
import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { observe } from '../../fixtures/probes/observe.ts';
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
  requirement,
} from '../../fixtures/test.ts';

requirement('HTTP-01', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ methods: ['GET', 'PUT'], paths: [{ exact: '/listed' }, { prefix: '/below' }] }),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/listed'), 'allowed'],
    [PUT('/listed'), 'allowed'],
    [GET('/below/this'), 'allowed'],
    [PUT('/below/this'), 'allowed'],
    // The batch could not tell a policy from none without this one.
    [POST('/listed'), 'denied by alp'],
  ]);
});

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

requirement('HTTP-08', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ paths: [{ exact: '/exact' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/exact'), 'allowed', control],
    [GET('/exact/deeper'), 'denied by alp'],
    [GET('/exactly'), 'denied by alp'],
    [GET('/'), 'denied by alp'],
  ]);
});

requirement('HTTP-09', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ paths: [{ prefix: '/below' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/below'), 'allowed'],
    [GET('/below/a'), 'allowed'],
    [GET('/below/a/b?c=d'), 'allowed'],
    [GET('/above'), 'denied by alp'],
  ]);
});

requirement('HTTP-17', async ({ policy, sandbox, cluster }) => {
  await policy.enforce([openTransport, allow({ methods: ['GET'] })]);
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  const [allowed, denied] = await observe(route, [
    { request: GET('/') },
    { request: POST('/', { body: 'x' }) },
  ]);
  expect(denied?.observation.response, 'the answer to a denied request').toMatchObject({
    status: 403,
    bodyBytes: 0,
  });
  const { name } = (await sandbox.pod('echo')).metadata;
  const log = await podLogs(cluster, { namespace: sandbox.mesh, pod: name, container: 'agent' });
  expect(log, 'what the application says it answered').toContain(allowed?.observation.id);
  expect(log, 'what the application says it answered').not.toContain(denied?.observation.id);
});
