import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, nothingLeft, test } from '../fixture.ts';

// A whole run, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 });

test('from nothing to a report: the cluster is made, judged on, and deleted', async ({
  workshop,
  mesh: requests,
}, info) => {
  const output = info.outputPath('report');
  const { status, stdout, stderr } = await workshop.conformance(
    '--requirement',
    'HTTP-01',
    '--output',
    output,
  );
  expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
  const report = parse(readFileSync(join(output, 'report.yaml'), 'utf8'));
  expect(report.requirements).toMatchObject([{ id: 'HTTP-01', outcome: 'passed' }]);
  expect(report.cluster).toMatchObject({ restored: 'restored', notes: [] });
  expect(report.target.ingress).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const phases = report.phases as { name: string; startedMs: number; durationMs: number }[];
  expect(phases.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'Node image',
      'Cluster',
      'Calico: ready',
      'Istio',
      'Online Boutique',
      'Permissions of the run',
      'deleting the cluster',
    ]),
  );
  // What needs nothing of each other goes on at the same time, and the report shows it.
  const [istio, shop] = ['Istio', 'Online Boutique'].map((name) =>
    phases.find((phase) => phase.name === name),
  );
  expect(shop!.startedMs).toBeLessThan(istio!.startedMs + istio!.durationMs);
  expect(istio!.startedMs).toBeLessThan(shop!.startedMs + shop!.durationMs);
  expect(report.target.context).toMatch(/^alp-conformance@kind-alp-/);
  const byTime = requests.toSorted((a, b) =>
    a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp),
  );
  const users = byTime.map(({ user }) => user.username);
  const guest = 'system:serviceaccount:alp-conformance:alp-conformance';
  const handedOver = users.indexOf(guest);
  expect(new Set(users.slice(0, handedOver)), 'who makes it').toEqual(new Set(['reference-admin']));
  expect(new Set(users.slice(handedOver)), 'who judges').toEqual(new Set([guest]));
  expect(requests.filter(({ responseStatus }) => responseStatus.code === 403)).toEqual([]);
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files().filter((file) => /kubeconfig|kind/.test(file))).toEqual([]);
  expect(await workshop.down()).toMatchObject({ status: 0, stdout: 'There is nothing to put back.' });
});
