import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { execa } from 'execa';
import { test } from './stand-ins.ts';
import { allowPath, ask, policy, workload, world } from './world.ts';

const pattern = process.env.ALP_DIKASTES;
const scripts = join(import.meta.dirname, '..', '..', 'scripts');

/** What has to be said for the tests to run. */
const wanted = 'ALP_DIKASTES names no binaries of Dikastes: give it a path such as /opt/dikastes-{version}';

/** What is answered to GET /a, GET /b and POST /a when GET of /a alone is allowed. */
const expected = {
  'v3.24.1': ['OK', 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
  'v3.29.7': ['OK', 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
  'v3.31.7': ['UNKNOWN', 'UNKNOWN', 'UNKNOWN'],
  'v3.32.1': ['OK', 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
} as const;

for (const [release, answers] of Object.entries(expected)) {
  const binary = (pattern ?? '').replaceAll('{version}', release);
  test.describe(`Dikastes ${release}`, () => {
    test.beforeEach(({}, info) => {
      info.skip(pattern === undefined, wanted);
      info.skip(!existsSync(binary), `there is no ${binary}`);
    });

    test('decides by what is in force', async ({ start }) => {
      const dikastes = await start({ binary, release });
      const asked = [ask('GET', '/a'), ask('GET', '/b'), ask('POST', '/a')];
      await dikastes.enforce([...world, allowPath('p', '/a')], workload);
      expect(await dikastes.check(asked)).toEqual(answers);
      await dikastes.enforce(world, workload);
      const open = release === 'v3.31.7' ? 'UNKNOWN' : 'OK';
      expect(await dikastes.check(asked), 'without policy').toEqual([open, open, open]);
    });

    test('has read a change when enforcing is over, every time', async ({ start }) => {
      const dikastes = await start({ binary, release });
      for (let change = 1; change <= 100; change++) {
        // Now and then there is no policy, so that old releases must be asked in another place.
        const policies = change % 10 === 0 ? [] : [allowPath(`p${change % 2}`, `/${change}`)];
        await dikastes.enforce([...world, ...policies], workload);
        const answers = await dikastes.check([ask('GET', `/${change}`), ask('GET', `/${change - 1}`)]);
        const none = policies.length === 0 ? 'OK' : 'PERMISSION_DENIED';
        const decided = release === 'v3.31.7' ? ['UNKNOWN', 'UNKNOWN'] : ['OK', none];
        expect(answers, `change ${change}`).toEqual(decided);
      }
    });

    // It answers UNKNOWN whatever it has read.
    if (release === 'v3.31.7') return;

    test('is not disturbed by the rules that tell whether it is in sync', async ({ start }) => {
      const dikastes = await start({ binary, release });
      // A policy for egress alone closes ingress before 3.29, and has no effect on it from then on.
      const egress = policy('e', {
        selector: "app == 'echo'",
        types: ['Egress'],
        egress: [{ action: 'Allow' }],
      });
      await dikastes.enforce([...world, egress], workload);
      expect(await dikastes.check([ask('GET', '/')])).toEqual([
        release === 'v3.24.1' ? 'PERMISSION_DENIED' : 'OK',
      ]);
      const byAccount = policy('a', {
        selector: "app == 'echo'",
        types: ['Ingress'],
        ingress: [{ action: 'Allow', source: { serviceAccounts: { names: ['buyer'] } } }],
      });
      await dikastes.enforce([...world, byAccount], workload);
      const stranger = {
        ...ask('GET', '/'),
        source: { address: '10.0.0.2', port: 1, principal: 'spiffe://cluster.local/ns/shop/sa/thief' },
      };
      expect(await dikastes.check([ask('GET', '/'), stranger])).toEqual(['OK', 'PERMISSION_DENIED']);
    });

    test('is found out when it is taken for a release of the other wire format', async ({ start }) => {
      const other = release === 'v3.32.1' ? 'v3.31.7' : 'v3.32.1';
      await expect(start({ binary, release: other, inSyncWithinMs: 2_000 })).rejects.toThrow(
        /is it really Calico|ended by status 2/,
      );
    });
  });
}

test('sweep and bisect tell which release broke a promise', async ({}, info) => {
  info.skip(pattern === undefined, wanted);
  test.slow();
  // Whatever other releases there are, these three are to be told apart.
  for (const release of ['v3.29.7', 'v3.31.7', 'v3.32.1']) {
    symlinkSync(pattern!.replace('{version}', release), info.outputPath(release));
  }
  const run = (verb: string, ...more: string[]) =>
    execa(
      process.execPath,
      [join(scripts, `${verb}.ts`), '--dikastes', info.outputPath('{version}'), ...more],
      { reject: false },
    );
  const asked = ['--requirement', 'HTTP-02', '--calico', 'v3.29.7..v3.32.1'];
  const swept = await run('sweep', ...asked);
  expect(swept.stdout).toMatch(/^requirement +v3\.29\.7 +v3\.31\.7 +v3\.32\.1$/m);
  expect(swept.stdout).toMatch(/^HTTP-02 +passed +unverified \(known\) +passed$/m);
  expect(swept.exitCode).toBe(0);
  const { stdout } = await run('bisect', ...asked);
  expect(stdout).toContain('HTTP-02 is kept by v3.29.7 and broken by v3.31.7');
  expect(stdout).toContain('HTTP-02 is broken by v3.31.7 and kept by v3.32.1');
});
