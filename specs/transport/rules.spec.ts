import { globalNetworkSet, networkOf, onlyAddress } from '../../fixtures/policies/nets.ts';
import { allow, deny, openTransport } from '../../fixtures/policies/rules.ts';
import { placeLabel } from '../../fixtures/sandbox/agents.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

/** One rule a path, so that one batch asks them all. */
const at = (path: string) => ({ paths: [{ exact: path }] });

requirement('L34-01', async ({ policy, sandbox }) => {
  const [client, echo] = [await sandbox.address('client'), await sandbox.address('echo')];
  const nets = [onlyAddress(client)];
  await policy.enforce([
    allow({ source: { nets }, ...at('/source-nets') }),
    allow({ destination: { nets: [onlyAddress(echo)] }, ...at('/destination-nets') }),
    allow({ destination: { nets }, ...at('/other-destination') }),
    allow({
      source: { selector: "app == 'client'", namespaceSelector: `${placeLabel} == 'mesh'` },
      ...at('/selector'),
    }),
    allow({ protocol: 'TCP', destination: { ports: ['8000:8080'] }, ...at('/ports') }),
    allow({ protocol: 'TCP', source: { ports: ['1024:65535'] }, ...at('/source-ports') }),
    allow({ protocol: 'TCP', source: { ports: [1] }, ...at('/other-source-port') }),
    allow(at('/any')),
    openTransport,
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/source-nets'), 'allowed'],
    [GET('/destination-nets'), 'allowed'],
    [GET('/other-destination'), 'denied by alp'],
    [GET('/selector'), 'allowed'],
    [GET('/ports'), 'allowed'],
    [GET('/source-ports'), 'allowed'],
    [GET('/other-source-port'), 'denied by alp'],
    [GET('/no-rule'), 'denied by alp'],
  ]);
  await expect(await sandbox.route('client', 'echo', { port: 'http-second' })).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/source-nets'), 'allowed'],
    [GET('/ports'), 'denied by alp'],
  ]);
  await expect(await sandbox.route('other', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/ports'), 'allowed'],
    [GET('/source-nets'), 'denied by alp'],
    [GET('/selector'), 'denied by alp'],
  ]);
});

requirement('L34-02', async ({ policy, sandbox }) => {
  const notNets = [onlyAddress(await sandbox.address('other'))];
  await policy.enforce([
    allow({ source: { notNets }, ...at('/not-nets') }),
    allow({ protocol: 'TCP', destination: { notPorts: [8081] }, ...at('/not-ports') }),
    allow({ source: { notSelector: "app == 'other'" }, ...at('/not-selector') }),
    allow({ notProtocol: 'UDP', ...at('/not-udp') }),
    allow({ notProtocol: 'TCP', ...at('/not-tcp') }),
    allow(at('/any')),
    openTransport,
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/not-nets'), 'allowed'],
    [GET('/not-ports'), 'allowed'],
    [GET('/not-selector'), 'allowed'],
    [GET('/not-udp'), 'allowed'],
    [GET('/not-tcp'), 'denied by alp'],
  ]);
  await expect(await sandbox.route('client', 'echo', { port: 'http-second' })).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/not-nets'), 'allowed'],
    [GET('/not-ports'), 'denied by alp'],
  ]);
  await expect(await sandbox.route('other', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/not-ports'), 'allowed'],
    [GET('/not-nets'), 'denied by alp'],
    [GET('/not-selector'), 'denied by alp'],
  ]);
});

requirement('L34-03', async ({ policy, sandbox }) => {
  // L4 is opened before, so that only Dikastes decides.
  await policy.enforce([openTransport], { order: 1 });
  await policy.enforce([
    deny({ protocol: 'TCP', destination: { ports: ['http-second'] } }),
    allow({ protocol: 'TCP', destination: { ports: ['http'] }, ...at('/named') }),
    allow(at('/any')),
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/named'), 'allowed'],
  ]);
  await expect(await sandbox.route('client', 'echo', { port: 'http-second' })).toDecide([
    [GET('/any'), 'denied by alp'],
  ]);
});

requirement('L34-08', async ({ policy, sandbox }) => {
  await policy.enforce([
    allow({ protocol: 'TCP', destination: { ports: [8080] }, ...at('/container') }),
    allow({ protocol: 'TCP', destination: { ports: [80] }, ...at('/service') }),
    allow(at('/any')),
    openTransport,
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/container'), 'allowed'],
    [GET('/service'), 'denied by alp'],
  ]);
});

requirement('L34-10', async ({ policy, sandbox }) => {
  const client = await sandbox.address('client');
  const hostBits = { one: 0, few: 4, many: 8 };
  const set = (size: string) => policy.name(`around-the-client-${size}`);
  for (const [size, bits] of Object.entries(hostBits)) {
    await policy.make(globalNetworkSet(set(size), set(size), [networkOf(client, bits)]));
  }
  const sizes = Object.keys(hostBits);
  await policy.enforce([
    ...sizes.map((size) => allow({ source: { selector: `set == '${set(size)}'` }, ...at(`/${size}`) })),
    allow({ source: { selector: `set == '${policy.name('nowhere')}'` }, ...at('/nowhere') }),
    allow(at('/any')),
    openTransport,
  ]);
  await expect(await sandbox.route('client', 'echo')).toDecide([
    [GET('/any'), 'allowed', control],
    [GET('/one'), 'allowed'],
    [GET('/many'), 'allowed'],
    [GET('/few'), 'allowed'],
    [GET('/nowhere'), 'denied by alp'],
  ]);
});
