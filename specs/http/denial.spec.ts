import { podLogs } from '../../fixtures/cluster/logs.ts';
import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { observe } from '../../fixtures/probes/observe.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('HTTP-17', async ({ policy, sandbox, cluster }) => {
  await policy.enforce([openTransport, allow({ methods: ['GET'] })]);
  const route = await sandbox.route('client', 'echo');
  await expect(route).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  const [allowed, denied] = await observe(route, [GET('/'), POST('/', { body: 'x' })]);
  expect(denied?.observation.response, 'the answer to a denied request').toMatchObject({
    status: 403,
    bodyBytes: 0,
  });
  const { name } = (await sandbox.pod('echo')).metadata;
  const log = await podLogs(cluster, { namespace: sandbox.mesh, pod: name, container: 'agent' });
  expect(log, 'what the application says it answered').toContain(allowed?.observation.id);
  expect(log, 'what the application says it answered').not.toContain(denied?.observation.id);
});
