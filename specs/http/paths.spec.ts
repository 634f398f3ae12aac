import { allow } from '../../fixtures/policies/rules.ts';
import { control, expect, GET, POST, PUT, requirement } from '../../fixtures/test.ts';

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

requirement('HTTP-10', 'a workload of the sandbox', async ({ policy, sandbox, expectation }) => {
  const beside = expectation === 'whole segments' ? 'denied by alp' : 'allowed';
  await policy.enforce([allow({ paths: [{ prefix: '/pub' }] })]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/pub'), 'allowed', control],
    [GET('/pub/a'), 'allowed'],
    [GET('/public'), beside],
    [GET('/pub.html'), beside],
    [GET('/public/a'), beside],
    [GET('/a/pub'), 'denied by alp'],
  ]);
});

requirement('HTTP-12', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ methods: ['GET', 'POST'], paths: [{ exact: '/one' }, { prefix: '/two' }] }),
    allow({ methods: ['PUT'], paths: [{ exact: '/three' }] }),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/one'), 'allowed', control],
    [POST('/one'), 'allowed'],
    [GET('/two/deeper'), 'allowed'],
    [POST('/two/deeper'), 'allowed'],
    [PUT('/three'), 'allowed'],
    // A listed method on no listed path, and a listed path with no listed method.
    [GET('/four'), 'denied by alp'],
    // The method of one rule and the path of another.
    [PUT('/one'), 'denied by alp'],
    [PUT('/two/deeper'), 'denied by alp'],
    [GET('/three'), 'denied by alp'],
    [POST('/three'), 'denied by alp'],
  ]);
});

requirement('HTTP-14', 'a workload of the sandbox', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }, { prefix: '/open' }] })]);
  const tricks = [
    '//shut',
    '/%73hut',
    '/open/../shut',
    '/open/../../shut',
    '/open/./../shut',
    '/open/%2e%2e/shut',
    '/open/.%2E/shut',
    '/open/..%2fshut',
    '/open%2F..%2Fshut',
    '/open/..;/shut',
    '/open/..;a=b/shut',
    '/open/%2e%2e;/shut',
    '/open\\..\\shut',
    '/open/..%5cshut',
    // What is decoded once more on its way would be `..`.
    '/open/%252e%252e/shut',
    '/open/..%252fshut',
    '/shut?/open',
    '/shut;/open',
  ];
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/open/page'), 'allowed', control],
    ...tricks.map((path) => [GET(path), 'denied by alp'] as const),
    [GET('/open%00/../shut'), 'rejected by proxy'],
  ]);
});

requirement('HTTP-15', async ({ policy, sandbox, expectation }) => {
  const other = expectation === 'the same path' ? 'allowed' : 'denied by alp';
  await policy.enforce([
    allow({ paths: [{ exact: '/leaf' }, { exact: '/folder/' }, { prefix: '/branch/' }] }),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/leaf'), 'allowed', control],
    [GET('/leaf/'), other],
    [GET('/folder/'), 'allowed'],
    [GET('/folder'), other],
    [GET('/branch/'), 'allowed'],
    [GET('/branch/a'), 'allowed'],
    [GET('/branch'), other],
    [GET('/leaf/a'), 'denied by alp'],
    [GET('/folder/a'), 'denied by alp'],
  ]);
});
