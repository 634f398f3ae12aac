import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './fixture.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('where every run was put back, there is nothing to put back', async ({ suite, api, kubeconfig }) => {
  const folder = join(suite.folder, '.state', 'runs', 'run1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ id: 'run1', folder, kubeconfig, context: 'test' }),
  );
  writeFileSync(join(folder, 'journal.ndjson'), '{"op":"restored","group":"end"}\n');
  const { status, stdout, stderr } = await suite.run('down');
  rmSync(join(suite.folder, '.state'), { recursive: true });
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: 'There is nothing to put back.',
    stderr: '',
  });
  expect(api.requests).toEqual([]);
});

test('a cluster that is no more can be forgotten', async ({ suite, api, kubeconfig }) => {
  await api.stop();
  const folder = join(suite.folder, '.state', 'runs', 'run1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ id: 'run1', folder, kubeconfig, context: 'test', pid: 1 }),
  );
  const { status, stdout } = await suite.run('down');
  rmSync(join(suite.folder, '.state'), { recursive: true });
  expect(status).toBe(3);
  expect(stdout).toMatch(
    /^Run run1 on context test\n {2}Cannot reach the cluster .+\n {2}Where that cluster is no more, deleting .+run1 forgets the run\.$/,
  );
});

test('it takes no options', async ({ suite }) => {
  const { status, stdout, stderr } = await suite.run('down', '--all');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: "unknown option '--all' (see --help)",
  });
});
