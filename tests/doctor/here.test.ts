import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { lookAtProgram } from '../../scripts/doctor/programs.ts';
import { lookAtBrowser, lookAtNode } from '../../scripts/doctor/whatever-target.ts';
import { type Finding, sentenceOf } from '../../scripts/targets/checks/check.ts';

// What a run starts or is started by: programs, browser and Node.

const told = (finding: Finding) => `${finding.verdict}: ${sentenceOf(finding)}`;

function put(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

test('a program is on PATH, in the bundle, downloaded before, or will be', async ({}, info) => {
  const says = (version: string) => `echo "kind ${version} go1.26.8 linux/amd64"`;
  const path = info.outputPath('path');
  const cache = info.outputPath('cache');
  const nowhere = { path, cache, platform: 'linux-amd64' };
  const look = async (bundle?: { tool: () => string | undefined }) =>
    told(await lookAtProgram('kind', 'v0.33.0', undefined, bundle, nowhere));

  expect(await look()).toMatch(
    /^note: kind v0\.33\.0 will be downloaded: where there is no way to the network, put kind v0\.33\.0 on your PATH \(https:\/\/github\.com\/.+\)\.$/,
  );
  expect(await look({ tool: () => undefined })).toMatch(/^unfit: kind v0\.33\.0 is not at hand: put kind/);
  const downloaded = put(join(cache, 'tools', 'kind', 'v0.33.0', 'linux-amd64'), 'kind', says('v0.33.0'));
  expect(await look()).toBe(`fit: kind v0.33.0 was downloaded before (${downloaded}).`);
  const bundled = put(info.outputPath('bundle'), 'kind', says('v0.33.0'));
  expect(await look({ tool: () => bundled })).toBe(`fit: kind v0.33.0 is in the bundle (${bundled}).`);
  const other = put(path, 'kind', says('v0.20.0'));
  expect(
    told(
      await lookAtProgram('kind', 'v0.33.0', undefined, undefined, {
        ...nowhere,
        cache: info.outputPath('empty'),
      }),
    ),
  ).toContain(`kind v0.33.0 will be downloaded; ${other} is v0.20.0: `);
  put(path, 'kind', says('v0.33.1'));
  expect(await look()).toBe(`fit: kind v0.33.1 is on your PATH (${other}).`);
});

test('a program without a release for the platform has to be brought', async ({}, info) => {
  const nowhere = { path: '', cache: info.outputPath('cache'), platform: 'windows-amd64' };
  expect(told(await lookAtProgram('istioctl', '1.28.10', undefined, undefined, nowhere))).toBe(
    'unfit: istioctl 1.28.10 is not released for windows-amd64: put istioctl 1.28.10 on your PATH.',
  );
});

test("a person's own program must say its version, and of another one is wrong usage", async ({}, info) => {
  const own = put(info.outputPath(), 'kind', 'echo kind v0.20.0');
  const look = (version: string, file: string) => lookAtProgram('kind', version, file, undefined);
  expect(told(await look('v0.20.0', own))).toBe(`fit: ${own} does for kind v0.20.0.`);
  await expect(look('v0.33.0', own)).rejects.toThrow(UsageError);
  expect(told(await look('v0.33.0', '/no/such/kind'))).toBe(
    'unfit: --kind /no/such/kind is no kind that says its version: name another one.',
  );
});

test('a browser is there, is missing, or does not start', async ({}, info) => {
  const sound = put(info.outputPath(), 'sound', 'echo "Chromium 140.0.7339.16 built on Debian"');
  const broken = put(info.outputPath(), 'broken', 'echo "libnss3.so: cannot open" >&2; exit 127');
  expect(told(await lookAtBrowser(sound))).toBe(
    `fit: Chromium 140.0.7339.16 is there for what needs a browser (${sound}).`,
  );
  expect(told(await lookAtBrowser(broken))).toBe(
    `unfit: The browser ${broken} does not start (libnss3.so: cannot open): mend it, or name another with --browser.`,
  );
  expect(told(await lookAtBrowser(undefined))).toMatch(
    /^note: There is no Chrome .+: install one, or add --install/,
  );
});

test('Node is new enough, or npm brings one that is', () => {
  expect(told(lookAtNode('24.0.1'))).toBe('fit: Node 24.0.1 runs the suite.');
  expect(told(lookAtNode('22.20.0'))).toMatch(/^unfit: Node 22\.20\.0 is too old .+: start it by npm/);
});
