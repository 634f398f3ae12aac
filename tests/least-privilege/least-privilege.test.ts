import { expect, test } from '@playwright/test';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { refOf } from '../../fixtures/cluster/objects.ts';
import { waitFor } from '../../fixtures/cluster/wait.ts';
import { versions } from '../../reference/versions.ts';
import { shopObjects } from '../../reference/workloads/shop/objects.ts';
import { objectsOf, type Part, parts, placeholders } from '../../scripts/permissions/manifest.ts';
import { type Permission, permissionsIn } from '../../scripts/permissions/permission.ts';
import { inWords } from '../../scripts/permissions/words.ts';
import { type Asked, answers, askedIn, eventsIn } from './requests.ts';
import { type Lent, lend, pullSecret, SuiteCopy } from './suite.ts';
import { excuses } from './unused.ts';

// What the manifests grant is enough for whole runs, as the mesh refuses whatever they do not grant; and it is the
// least, as some run asks for all of it.

test.describe.configure({ mode: 'serial' });

const asked: Asked[] = [];
let suite: SuiteCopy;

test.beforeAll(() => {
  suite = new SuiteCopy();
});
test.afterAll(() => suite.remove());

/** Ends a loan: nothing was refused, and what was asked is kept for the comparison. */
async function giveBack({ auditLog, close }: Lent): Promise<void> {
  await close();
  const events = eventsIn(auditLog);
  const refused = events.filter(({ responseStatus }) => responseStatus.code === 403);
  expect(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([]);
  expect(events.length).toBeGreaterThan(100);
  asked.push(...askedIn(events));
}

function on({ access }: Lent): string[] {
  const { kubeconfig, context } = access;
  return [
    ...['--target', 'existing', '--kubeconfig', kubeconfig, '--context', context, '--yes'],
    ...['--istioctl', 'no-such-istioctl'],
  ];
}

test('the extended profile, with the key of the mesh', async ({}, info) => {
  const lent = await lend(info.outputPath('lent'), { parts: ['alp-conformance', 'mesh-ca'] });
  const { status, stdout, stderr } = await suite.run(
    'conformance',
    ...on(lent),
    ...['--profile', 'extended', '--mesh-ca'],
  );
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/\n(\d+) requirements: \1 passed in /);
  await giveBack(lent);
});

/** Takes the shop away, but for its load generator, and brings a secret that images could be pulled with. */
async function withoutShop(cluster: Cluster): Promise<void> {
  for (const object of shopObjects(versions.boutique)) await cluster.delete(refOf(object));
  const { namespace, name } = pullSecret;
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const type = 'kubernetes.io/dockerconfigjson';
  const data = { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') };
  await cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data });
  const labels = { app: 'loadgenerator' };
  await cluster.create({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'loadgenerator', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause' }] },
      },
    },
  });
}

test('runs that bring in the shop, pull with a secret, are killed or keep the mesh; and what puts them back', async ({}, info) => {
  const lent = await lend(info.outputPath('lent'), {
    // The workers of a run that is killed collect what they can before they end.
    parts: ['alp-conformance', 'online-boutique', 'pull-secret', 'diagnostics'],
    before: withoutShop,
  });
  const args = [
    ...on(lent),
    ...['--boutique', suite.boutique, '--pull-secret', `${pullSecret.namespace}/${pullSecret.name}`],
  ];
  const policies = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy' };
  const killed = suite.start('conformance', ...args, '--requirement', 'HTTP-02');
  await waitFor(lent.administrator, policies, (some) => some.length > 0, {
    timeoutMs: 300_000,
    what: 'the run to enforce something',
  });
  killed.kill('SIGKILL');
  await killed;
  expect(await suite.run('down')).toMatchObject({ status: 0, stderr: '' });
  const kept = await suite.run('conformance', ...args, '--requirement', 'HTTP-01', '--keep');
  expect({ status: kept.status, stderr: kept.stderr }, kept.stdout).toEqual({ status: 0, stderr: '' });
  expect(await suite.run('down')).toMatchObject({ status: 0, stderr: '' });
  const left = await lent.administrator.list({ apiVersion: 'v1', kind: 'Namespace' });
  expect(left.filter(({ metadata: { name } }) => /^alp-(?!conformance$)/.test(name))).toEqual([]);
  await giveBack(lent);
});

test("Calico's own API server, which asks for more", async ({}, info) => {
  const lent = await lend(info.outputPath('lent'), {
    calico: 'v3.31.7',
    parts: ['alp-conformance', 'diagnostics'],
  });
  const ids = ['ORD-01', 'SA-04', 'STG-01', 'TIER-01'];
  const { status, stdout, stderr } = await suite.run(
    'conformance',
    ...on(lent),
    ...ids.flatMap((id) => ['--requirement', id]),
  );
  // What that release is known to break may fail.
  expect([0, 1], `${stdout}${stderr}`).toContain(status);
  await giveBack(lent);
});

/** Those that are all needed; of diagnostics, what is read depends on what fails. */
const needed = parts.filter((part) => part !== 'diagnostics');

function grantedBy(part: Part): Permission[] {
  return permissionsIn(objectsOf(part)).map((permission) => ({
    ...permission,
    ...(permission.namespace === placeholders.secretNamespace && { namespace: pullSecret.namespace }),
    ...(permission.name === placeholders.secretName && { name: pullSecret.name }),
  }));
}

test('every request is one that the manifests grant', () => {
  const granted = parts.flatMap(grantedBy);
  const uncovered = asked.filter((one) => !granted.some((permission) => answers(permission, one)));
  expect(uncovered.map(({ request }) => request)).toEqual([]);
});

/** A permission for several names, without one. */
function nameless({ name: _, ...permission }: Permission): string {
  return JSON.stringify(permission);
}

for (const part of needed) {
  test(`${part}: every verb that it grants on a resource was asked for, or has its excuse`, () => {
    const granted = grantedBy(part);
    const used = granted.filter((permission) => asked.some((one) => answers(permission, one)));
    const usedVerbs = new Set(used.map(nameless));
    const unused = granted.filter(
      (permission) =>
        !usedVerbs.has(nameless(permission)) && !excuses.some((excuse) => excuse.of(permission)),
    );
    expect(inWords(unused)).toBe('');
  });

  test(`${part}: every name that it grants something on was asked for`, () => {
    const granted = grantedBy(part);
    const used = new Set(
      granted
        .filter((permission) => asked.some((one) => answers(permission, one)))
        .map(({ resource, name }) => `${resource} ${name}`),
    );
    const unused = granted.filter(
      (permission) =>
        permission.name !== undefined &&
        !used.has(`${permission.resource} ${permission.name}`) &&
        !excuses.some((excuse) => excuse.of(permission)),
    );
    expect(inWords(unused)).toBe('');
  });
}

test('every excuse is for something that is granted', () => {
  const granted = needed.flatMap(grantedBy);
  expect(excuses.filter(({ of }) => !granted.some(of)).map(({ why }) => why)).toEqual([]);
});
