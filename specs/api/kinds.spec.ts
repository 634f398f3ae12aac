import { allow, openTransport } from '../../fixtures/policies/rules.ts';
import { expect, GET, POST, requirement } from '../../fixtures/test.ts';

requirement('API-05', 'what it decides', async ({ policy, sandbox }) => {
  await policy.enforce([allow({ methods: ['GET'], paths: [{ exact: '/' }, { prefix: '/below' }] })], {
    kind: 'NetworkPolicy',
  });
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed'],
    [GET('/?x=1'), 'allowed'],
    [GET('/below/this'), 'allowed'],
    [GET('/other'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
    [POST('/below/this'), 'denied by alp'],
  ]);
});

requirement('API-05', 'where it decides', async ({ policy, sandbox }) => {
  const inside = await sandbox.route('client', 'stranger');
  const made = await policy.enforce([openTransport], {
    kind: 'NetworkPolicy',
    app: 'stranger',
    spec: { selector: 'has(app)' },
  });
  await expect(inside).toDecide([[GET('/'), 'denied by alp']]);
  // Its selector would match in every namespace.
  await expect(await sandbox.route('client', 'echo')).toDecide([[GET('/'), 'allowed']]);
  await policy.remove(made);
  await expect(inside).toDecide([[GET('/'), 'allowed']]);
});
