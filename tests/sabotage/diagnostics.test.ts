import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { limits } from '../../fixtures/diagnostics/limits.ts';
import { readReport } from '../../reports/read.ts';
import { startReference } from '../../scripts/targets/reference.ts';
import type { Target } from '../../scripts/targets/target.ts';
import { makeSecrets, type Secrets, signsIn } from '../diagnostics/secrets.ts';
import { startRun } from './whole-run.ts';

const one = { args: ['--requirement', 'HTTP-01'] };

/** Meshes that end with the test. */
const test = base.extend<{ mesh: (calico?: string) => Promise<Target> }>({
  mesh: async ({}, use, info) => {
    const meshes: Target[] = [];
    await use(async (calico) => {
      const mesh = await startReference({ folder: info.outputPath(`mesh-${meshes.length}`), calico });
      meshes.push(mesh);
      return mesh;
    });
    for (const mesh of meshes) await mesh.close();
  },
});

/** All files of a folder with their texts, by their paths in it. */
function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(files.sort().map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

/** Leaves secrets where a run reads, as people do. */
async function plant(mesh: Target, { token, opaque, keys, certificate }: Secrets): Promise<void> {
  const cluster = Cluster.connect(loadKubeConfig(mesh));
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const kubeconfig = `users:\n- user:\n    client-key-data: ${base64(keys.rsa)}\n    client-certificate-data: ${base64(certificate)}\n    token: ${opaque}\n`;
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' };
  await cluster.patch(settings, { data: { kubeconfig, 'key.pem': keys.sec1 } }, { type: 'merge' });
  await cluster.create({
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    metadata: { name: 'of-nobody', annotations: { 'made-with': `curl -H "Authorization: Bearer ${token}"` } },
    spec: { selector: "app == 'nobody'", types: ['Ingress'] },
  });
  await cluster.close();
}

test('a failure has its folder, the run has one, and no secret is in either', async ({ mesh }, info) => {
  const secrets = await makeSecrets();
  const cluster = await mesh('v3.31.7');
  await plant(cluster, secrets);
  const output = info.outputPath('report');
  const { exitCode } = await startRun(cluster, output, one);
  expect(exitCode).toBe(1);

  const report = readReport(join(output, 'report.yaml'));
  const [requirement] = report.requirements;
  expect(requirement).toMatchObject({ id: 'HTTP-01', diagnosticsFolder: 'diagnostics/HTTP-01' });
  expect(report.run.diagnosticsFolder).toBe('diagnostics/run');
  expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain('href="diagnostics/HTTP-01/"');
  expect(readFileSync(join(output, 'summary.md'), 'utf8')).toContain('[HTTP-01](<diagnostics/HTTP-01/>)');
  for (const file of requirement?.diagnostics ?? []) expect(existsSync(join(output, file)), file).toBe(true);

  const failures = filesIn(join(output, 'diagnostics', 'HTTP-01'));
  const named = (files: Map<string, string>) =>
    [...files.keys()].map((file) =>
      file.replaceAll(/-[0-9a-f]{6,10}-\w{5}(?=\/)/g, '-POD').replaceAll(/alp-\w+-\d/g, 'SANDBOX'),
    );
  const proxy = [
    'dikastes.log',
    'istio-proxy.log',
    'envoy/listeners.yaml',
    'envoy/clusters.yaml',
    'envoy/secrets.yaml',
    'envoy/stats.txt',
  ];
  const common = ['about.txt', 'probes.yaml', 'pods.txt', 'policies.yaml', 'istio.yaml'];
  const [shop, sandbox] = ['tutorial-4-policies-the-shop', 'http-paths-a-workload-of-the-sandbox'];
  expect(named(failures)).toEqual(
    expect.arrayContaining([
      'transcript.ndjson',
      ...common.flatMap((file) => [`${shop}/${file}`, `${sandbox}/${file}`]),
      ...['events.txt', 'pods.yaml', 'services.yaml'].flatMap((file) => [
        `${shop}/default/${file}`,
        `${sandbox}/SANDBOX/${file}`,
      ]),
      ...proxy.flatMap((file) => [
        `${shop}/default/frontend-POD/${file}`,
        `${sandbox}/SANDBOX/echo-POD/${file}`,
      ]),
      `${shop}/istio-system/istio-ingressgateway-POD/istio-proxy.log`,
      `${shop}/istio-system/istio-ingressgateway-POD/envoy/clusters.txt`,
    ]),
  );
  const run = filesIn(join(output, 'diagnostics', 'run'));
  expect(named(run)).toEqual(
    expect.arrayContaining([
      ...[
        'pods.txt',
        'nodes.yaml',
        'calico.yaml',
        'policies.yaml',
        'istio.yaml',
        'injector.yaml',
        'webhooks.yaml',
      ],
      ...['istio-system', 'kube-system', 'default'].map((namespace) => `${namespace}/events.txt`),
      'istio-system/istiod-POD/discovery.log',
      expect.stringMatching(/^kube-system\/calico-node-\w{5}\/calico-node\.log$/),
      expect.stringMatching(/^kube-system\/calico-kube-controllers.*\/calico-kube-controllers\.log$/),
    ]),
  );

  // What helps is there: the policies that were in force then, and the proxy's own word on the very probe.
  expect(failures.get(`${shop}/policies.yaml`)).toMatch(
    /# GlobalNetworkPolicy frontend-deny\n[\s\S]*# These select none of the pods here:\n[\s\S]*of-nobody/,
  );
  expect(failures.get(`${shop}/probes.yaml`)).toMatch(/line: .*403 UAEX ext_authz_denied/);
  const text = (files: Map<string, string>, end: string) =>
    [...files].find(([file]) => file.endsWith(end))?.[1] ?? '';
  expect(text(failures, 'envoy/listeners.yaml')).toMatch(
    /name: virtualInbound[\s\S]*envoy\.filters\.http\.ext_authz/,
  );
  const stats = [...failures].find(([file]) => /\/frontend-.*\/envoy\/stats\.txt$/.test(file));
  expect(stats?.[1]).toMatch(/ext_authz\.denied: \d+/);
  expect(text(failures, 'envoy/secrets.yaml')).toMatch(/certificate of URI:spiffe:\/\/cluster\.local\/ns\//);
  expect(text(run, 'injector.yaml')).toMatch(/client-key-data: \[redacted[\s\S]*token: \[redacted/);

  // And what must not leave the cluster is nowhere.
  const hidden = [secrets.token, secrets.opaque, secrets.certificate, ...Object.values(secrets.keys)];
  for (const [file, content] of [...failures, ...run]) {
    expect(signsIn(content, hidden), file).toEqual([]);
    // DER in base64, which keys and certificates are without the marks of PEM.
    expect(content, file).not.toMatch(/(?<![\w+/])M[CGHI][A-Za-z0-9+/]{60,}/);
  }
  for (const [file, content] of failures)
    expect(Buffer.byteLength(content), file).toBeLessThanOrEqual(limits.failure.fileBytes);
});

test('where nothing fails there is no folder', async ({ mesh }, info) => {
  const output = info.outputPath('report');
  const { exitCode } = await startRun(await mesh(), output, one);
  expect(exitCode).toBe(0);
  const report = readReport(join(output, 'report.yaml'));
  expect(report.run).not.toHaveProperty('diagnosticsFolder');
  expect(report.requirements[0]).not.toHaveProperty('diagnosticsFolder');
  const left = filesIn(join(output, 'diagnostics'));
  expect([...left.keys()]).toEqual(['HTTP-01/transcript-2.ndjson', 'HTTP-01/transcript.ndjson']);
});
