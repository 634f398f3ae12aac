import { refOf } from '../../fixtures/cluster/objects.ts';
import { allow, deny, openTransport } from '../../fixtures/policies/rules.ts';
import { premise } from '../../fixtures/probes/premise.ts';
import { control, expect, GET, POST, requirement } from '../../fixtures/test.ts';

const untyped = { types: undefined };

requirement('DEF-06', 'as stored', async ({ cluster, policy }) => {
  const rules = { ingress: [allow()], egress: [allow()] };
  const cases = [
    { spec: { ingress: rules.ingress }, types: ['Ingress'] },
    { spec: { ingress: undefined }, types: ['Ingress'] },
    { spec: { ingress: undefined, egress: rules.egress }, types: ['Egress'] },
    { spec: rules, types: ['Ingress', 'Egress'] },
  ];
  for (const kind of ['GlobalNetworkPolicy', 'NetworkPolicy'] as const) {
    for (const { spec, types } of cases) {
      const nobody = "app == 'nobody'";
      const made = await policy.enforce([], { kind, spec: { ...untyped, selector: nobody, ...spec } });
      const stored = (await cluster.get(refOf(made))).spec as { types?: string[] };
      expect(stored.types, `types of a ${kind} with ${Object.keys(made.spec as object)}`).toEqual(types);
    }
  }
});

requirement('DEF-06', 'as enforced', async ({ policy, sandbox }) => {
  const ingress = await policy.enforce([allow({ methods: ['GET'] })], { spec: untyped });
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ]);
  await policy.remove(ingress);
  const out = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-bypass' });
  const destination = { nets: [`${await sandbox.address('echo')}/32`] };
  await expect(out).toDecide([[GET('/'), 'allowed', control]]);
  await policy.enforce([], {
    app: 'plain',
    egress: [deny({ destination }), allow()],
    spec: { ...untyped, ingress: undefined },
  });
  await expect(out).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  // A sidecar may still have a connection, which Felix leaves alone; a pod without one always opens another.
  const into = await sandbox.route('bare', 'plain', { by: 'pod address' });
  await expect(into).toDecide([[GET('/'), 'allowed']]);
});

requirement('DEF-07', async ({ policy, sandbox }) => {
  const route = await sandbox.route('client', 'echo');
  await policy.enforce([], {
    egress: [allow()],
    spec: { types: ['Egress'], ingress: undefined },
  });
  // What came after it shows when it is in force.
  const closed = await policy.enforce([openTransport]);
  await expect(route).toDecide([[GET('/'), 'denied by alp']]);
  await policy.remove(closed);
  await expect(route).toDecide([
    [GET('/'), 'allowed'],
    [POST('/other'), 'allowed'],
  ]);
});

requirement('DEF-08', async ({ cluster, policy, sandbox }) => {
  const bypass = await sandbox.route('plain', 'echo', { by: 'pod address', port: 'http-bypass' });
  const made = await policy.enforce([allow()], { spec: untyped });
  await expect(bypass).toDecide([[GET('/'), 'allowed', control]]);
  const { ingress, ...spec } = made.spec as { ingress: unknown };
  await policy.replace(made, { ...spec, egress: [allow()] });
  const { types } = (await cluster.get(refOf(made))).spec as { types?: string[] };
  // Types that were told anew are the only sign that the weakness is gone.
  if (!['Ingress', 'Egress'].includes(String(types))) throw new Error(`The policy has the types ${types}.`);
  expect(types, 'types of the policy with egress rules alone').toEqual(['Ingress']);
  const closed = [[GET('/'), 'denied by felix']] as const;
  await premise(bypass, closed, 'the types are kept, and yet nothing is closed', { times: 1 });
});
