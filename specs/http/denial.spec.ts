import { podLogs } from '../../fixtures/cluster/logs.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
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
  const [denied] = await observe(route, [POST('/', { body: 'x' })]);
  const [allowed] = await observe(route, [GET('/')]);
  expect(denied?.observation.response, 'the answer to a denied request').toMatchObject({
    status: 403,
    bodyBytes: 0,
  });
  const { name } = (await sandbox.pod('echo')).metadata;
  const application = { namespace: sandbox.mesh, pod: name, container: 'agent' };
  // What it says of a request gets into its log a moment later; once the last one is there, so is any before it.
  const log = await pollFor(
    async () => {
      const text = await podLogs(cluster, application);
      return text.includes(String(allowed?.observation.id)) ? text : undefined;
    },
    { intervalMs: 100, timeoutMs: 5_000, what: 'the allowed request in the log of the application' },
  );
  expect(log, 'what the application says it answered').not.toContain(denied?.observation.id);
});
