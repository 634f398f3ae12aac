import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestInfo, test } from '@playwright/test';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import { claimFolder } from '../../fixtures/diagnostics/claim.ts';
import { Diagnostics } from '../../fixtures/diagnostics/diagnostics.ts';
import { diagnosticsAnnotation, requirementAnnotation, stepAnnotation } from '../../fixtures/marks.ts';
import type { Run } from '../../fixtures/run.ts';

const refused = async () => {
  throw new Error('pods is forbidden');
};
/** A cluster that says no to everything. */
const cluster = { supports: async () => true, list: refused, find: refused } as unknown as Cluster;

function runIn(folder: string): Run {
  const versions = { kubernetes: 'v1.34.4', calico: 'v3.31.7', istio: '1.28.10', boutique: 'v0.10.6' };
  return { id: 'run1', folder: join(folder, 'state'), output: join(folder, 'report'), versions } as Run;
}

interface Ended {
  annotation?: { type: string; description: string };
  errors?: { message: string }[];
  title?: string;
}

/** As much of a test that has ended as is looked at. */
function testInfo({
  annotation,
  errors = [{ message: '\u001b[31mnot as expected\u001b[39m' }],
  title = 'HTTP-02 A method.',
}: Ended) {
  const attached: string[] = [];
  const info = {
    title,
    titlePath: ['http/methods.spec.ts', title],
    retry: 0,
    repeatEachIndex: 0,
    parallelIndex: 1,
    errors,
    project: { name: 'sandbox' },
    annotations: annotation === undefined ? [] : [annotation],
    attach: async (name: string) => {
      attached.push(name);
    },
  } as unknown as TestInfo;
  return { info, attached };
}

const proves = { type: requirementAnnotation, description: 'HTTP-02' };

test('a test that ended well leaves nothing', async ({}, info) => {
  const run = runIn(info.outputPath());
  const ended = testInfo({ annotation: proves, errors: [] });
  await new Diagnostics(cluster, run, ended.info).take();
  expect(ended.attached).toEqual([]);
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('one that did not has its folder, also where nothing can be read of the cluster', async ({}, info) => {
  const run = runIn(info.outputPath());
  const ended = testInfo({ annotation: proves });
  const diagnostics = new Diagnostics(cluster, run, ended.info);
  // By whoever changes something first, and at the end: once.
  await diagnostics.take();
  await diagnostics.take();
  const folder = join(run.output, 'diagnostics', 'HTTP-02', 'http-methods');
  expect(readdirSync(folder).sort()).toEqual(['about.txt', 'errors.txt']);
  expect(readFileSync(join(folder, 'about.txt'), 'utf8')).toMatch(
    /^HTTP-02 A method\.\n\nKubernetes [\s\S]*\n\nnot as expected\n$/,
  );
  expect(readFileSync(join(folder, 'errors.txt'), 'utf8')).toMatch(/^Namespace objects: pods is forbidden\n/);
  expect(ended.attached).toEqual([
    'diagnostics/http-methods/about.txt',
    'diagnostics/http-methods/errors.txt',
  ]);
  expect(ended.info.annotations).toContainEqual({ type: diagnosticsAnnotation, description: 'http-methods' });
});

test('a step of the runbook that failed has one, and what is neither has none', async ({}, info) => {
  const run = runIn(info.outputPath());
  const step = testInfo({
    annotation: { type: stepAnnotation, description: 'Sidecar injector' },
    title: 'Sidecar injector',
  });
  await new Diagnostics(cluster, run, step.info).take();
  await new Diagnostics(cluster, run, testInfo({}).info).take();
  const folders = readdirSync(join(run.output, 'diagnostics'), { recursive: true }).map(String).sort();
  expect(folders).toContain(join('runbook', 'Sidecar-injector', 'http-methods', 'about.txt'));
  expect(readdirSync(join(run.output, 'diagnostics'))).toEqual(['runbook']);
});

test('once a run has enough folders, a failure is told without the cluster', async ({}, info) => {
  const run = runIn(info.outputPath());
  while (claimFolder(run));
  const ended = testInfo({ annotation: proves });
  await new Diagnostics(cluster, run, ended.info).take();
  const folder = join(run.output, 'diagnostics', 'HTTP-02', 'http-methods');
  expect(readFileSync(join(folder, 'errors.txt'), 'utf8')).toBe(
    'nothing was read of the cluster: too many failures of this run have folders already\n',
  );
  expect(readFileSync(join(folder, 'about.txt'), 'utf8')).toContain('not as expected');
});

test('a disk that takes nothing changes no outcome, and is told', async ({}, info) => {
  const run = runIn(info.outputPath());
  writeFileSync(run.output, 'a file where the folder should be');
  const ended = testInfo({ annotation: proves });
  await new Diagnostics(cluster, run, ended.info).take();
  expect(ended.info.annotations).toContainEqual({
    type: 'note',
    description: expect.stringMatching(/^no diagnostics: E/),
  });
});
