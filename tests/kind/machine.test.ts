import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type DockerFacts, engineAddress } from '../../scripts/targets/kind/docker.ts';
import { freeBytesOf } from '../../scripts/targets/kind/machine/disk.ts';
import { checkMachine, lookAtMachine } from '../../scripts/targets/kind/machine/index.ts';
import { inotifyOf } from '../../scripts/targets/kind/machine/inotify.ts';
import { freePort, whyNotAt } from '../../scripts/targets/kind/machine/listen.ts';
import type { Machine } from '../../scripts/targets/kind/machine/machine.ts';
import { UnfitError } from '../../scripts/targets/preflight.ts';

const gibibyte = 1024 ** 3;
const engine: DockerFacts = {
  version: '28.0.0',
  memoryBytes: 16 * gibibyte,
  cgroupVersion: '2',
  system: 'linux',
  rootless: false,
  limits: true,
  host: hostname(),
  kernel: release(),
  root: '/var/lib/docker',
};
const ample = { max_user_watches: 524_288, max_user_instances: 512 };
const fit: Machine = {
  docker: engine,
  engineAddress: 'unix:///var/run/docker.sock',
  lane: { kubernetes: 'v1.34.3' },
  ingress: { host: '127.0.0.1', port: 30_080 },
  ingressTrouble: undefined,
  freeBytes: 100 * gibibyte,
  inotify: ample,
  env: {},
};

test('a machine that is fit is told nothing', () => {
  expect(checkMachine(fit)).toEqual([]);
});

const refusals: [what: string, machine: Partial<Machine>, sentence: string][] = [
  [
    'no docker',
    { docker: 'absent' },
    'There is no docker on your PATH: install Docker, which the nodes run in.',
  ],
  [
    'a silent docker',
    { docker: { silent: 'no answer within 20 s' } },
    'Docker does not answer (no answer within 20 s): start it, or say with DOCKER_HOST where it is.',
  ],
  [
    'little memory',
    { docker: { ...engine, memoryBytes: 3.4 * gibibyte } },
    'Docker has 3.4 GiB of memory, and two nodes with the mesh need 4: give it more.',
  ],
  [
    'Windows containers',
    { docker: { ...engine, system: 'windows' } },
    'Docker runs Windows containers: switch it to Linux containers, which the nodes are.',
  ],
  [
    'an engine without root on cgroup v1',
    { docker: { ...engine, rootless: true, cgroupVersion: '1' } },
    'Docker runs without root on cgroup v1, which kind refuses: boot with cgroup v2 (https://kind.sigs.k8s.io/docs/user/rootless/), or use a Docker that runs as root.',
  ],
  [
    'an engine without root that may limit nothing',
    { docker: { ...engine, rootless: true, limits: false } },
    'Docker runs without root and cannot limit what containers take, which kind refuses: set Delegate=yes for user@.service (https://kind.sigs.k8s.io/docs/user/rootless/), or use a Docker that runs as root.',
  ],
  [
    'a full disk',
    { freeBytes: 2.5 * gibibyte },
    '2.5 GiB are free where Docker keeps its images (/var/lib/docker), and the nodes alone need 3: make room, for example with `docker system prune`.',
  ],
  [
    'an engine elsewhere',
    {
      engineAddress: 'ssh://someone@build.example',
      env: { DOCKER_HOST: 'ssh://someone@build.example' },
    },
    'DOCKER_HOST is ssh://someone@build.example, and a kind cluster listens on the machine of its engine alone: run this there.',
  ],
  [
    'an engine elsewhere, by its context',
    { engineAddress: 'ssh://someone@build.example' },
    "Docker's context leads to ssh://someone@build.example, and a kind cluster listens on the machine of its engine alone: run this there.",
  ],
  [
    'a loopback address that the machine does not have',
    { ingress: { host: '::1', port: 0 }, ingressTrouble: '::1 is no address of this machine' },
    '::1 is no address of this machine: take a lane whose addresses this machine has, or name another address with --ingress.',
  ],
  [
    'a port that is taken',
    { ingressTrouble: 'Something listens on 127.0.0.1:30080 already' },
    'Something listens on 127.0.0.1:30080 already: name another address with --ingress, or leave it out for a free port.',
  ],
];

for (const [what, machine, sentence] of refusals) {
  test(`${what} keeps a cluster from being made`, () => {
    expect(() => checkMachine({ ...fit, ...machine })).toThrow(new UnfitError(sentence));
  });
}

test('everything that is missing is told at once', () => {
  const docker = { ...engine, memoryBytes: gibibyte };
  expect(() =>
    checkMachine({ ...fit, docker, ingressTrouble: '192.0.2.1 is no address of this machine' }),
  ).toThrow(/^Docker has 1\.0 GiB .*\n192\.0\.2\.1 is no address of this machine: /);
});

for (const engineAddress of [
  'tcp://127.0.0.1:2375',
  'tcp://localhost:2375',
  'tcp://[::1]:2375',
  'ssh://someone@localhost',
  'unix:///run/docker.sock',
]) {
  test(`an engine at ${engineAddress} is here`, () => {
    expect(checkMachine({ ...fit, engineAddress, env: { DOCKER_HOST: engineAddress } })).toEqual([]);
  });
}

test('cgroup v1 is news from Kubernetes 1.35 on', () => {
  const docker = { ...engine, cgroupVersion: '1' };
  expect(checkMachine({ ...fit, docker })).toEqual([]);
  expect(checkMachine({ ...fit, docker, lane: { kubernetes: 'v1.36.1' } })).toEqual([
    'Docker uses cgroup v1, which Kubernetes v1.36.1 runs on only when forced to, as is done here.',
  ]);
});

test('an engine without root that may limit its containers is no hindrance', () => {
  expect(checkMachine({ ...fit, docker: { ...engine, rootless: true } })).toEqual([]);
});

test('a disk that may become full is news', () => {
  expect(checkMachine({ ...fit, freeBytes: 7.9 * gibibyte })).toEqual([
    '7.9 GiB are free where Docker keeps its images (/var/lib/docker), and two nodes with the mesh and the shop may need 8: make room, for example with `docker system prune`.',
  ]);
});

test('inotify limits below those that kind advises are news, each with the command that raises it', () => {
  const symptom = 'with which pods may fail with "too many open files"';
  expect(checkMachine({ ...fit, inotify: { max_user_watches: 8192, max_user_instances: 128 } })).toEqual([
    `fs.inotify.max_user_watches is 8192 and fs.inotify.max_user_instances is 128, ${symptom}: run \`sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512\`.`,
  ]);
  expect(checkMachine({ ...fit, inotify: { ...ample, max_user_instances: 511 } })).toEqual([
    `fs.inotify.max_user_instances is 511, ${symptom}: run \`sudo sysctl fs.inotify.max_user_instances=512\`.`,
  ]);
});

test('what cannot be seen from here is no hindrance, and no news to whoever makes a cluster', () => {
  const elsewhere = {
    ...fit,
    docker: { ...engine, cgroupVersion: undefined },
    engineAddress: undefined,
    freeBytes: undefined,
    inotify: undefined,
  };
  expect(checkMachine(elsewhere)).toEqual([]);
  expect(
    lookAtMachine(elsewhere).flatMap(({ verdict, name }) => (verdict === 'untold' ? [name] : [])),
  ).toEqual(["Docker's machine", 'disk', 'cgroups', 'inotify limits']);
});

test('of an engine that does not answer nothing else is claimed', () => {
  const looked = lookAtMachine({ ...fit, docker: 'absent', engineAddress: undefined });
  expect(looked.map(({ verdict, found }) => `${verdict}: ${found}`)).toEqual([
    'unfit: There is no docker on your PATH',
    'untold: Docker does not say where its engine is, which is where the ports are opened',
    'untold: Until Docker answers, nothing is known of its containers, memory, disk, cgroups and inotify limits',
    'fit: The gateway can be reached at 127.0.0.1:30080',
  ]);
});

test('docker is asked where its engine is, unless DOCKER_HOST tells', async ({}, info) => {
  const bin = info.outputPath('bin');
  mkdirSync(bin, { recursive: true });
  const asked = 'context inspect --format {{.Endpoints.docker.Host}}';
  const script = `#!/bin/sh\n[ "$*" = '${asked}' ] && [ -n "$DOCKER_CONTEXT" ] && echo "ssh://$DOCKER_CONTEXT"\n`;
  writeFileSync(join(bin, 'docker'), script, { mode: 0o755 });
  const env = { PATH: bin, DOCKER_HOST: '', DOCKER_CONTEXT: 'far' };
  expect(await engineAddress({ env })).toBe('ssh://far');
  expect(await engineAddress({ env: { ...env, DOCKER_HOST: 'tcp://near:1' } })).toBe('tcp://near:1');
  expect(await engineAddress({ env: { ...env, DOCKER_CONTEXT: '' } })).toBeUndefined();
  expect(await engineAddress({ env: { ...env, PATH: info.outputPath('empty') } })).toBeUndefined();
});

test("room and limits are read where the engine's machine is this one, and only there", async ({}, info) => {
  const root = info.outputPath('docker');
  const limits = info.outputPath('inotify');
  for (const folder of [root, limits]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(limits, 'max_user_watches'), '8192\n');
  writeFileSync(join(limits, 'max_user_instances'), '128\n');
  expect(await freeBytesOf({ ...engine, root })).toBeGreaterThan(0);
  expect(await freeBytesOf({ ...engine, root, host: 'docker-desktop' })).toBeUndefined();
  expect(await freeBytesOf({ ...engine, root: join(root, 'not-there') })).toBeUndefined();
  expect(inotifyOf(engine, limits)).toEqual({ max_user_watches: 8192, max_user_instances: 128 });
  expect(inotifyOf({ ...engine, kernel: 'another' }, limits)).toBeUndefined();
  expect(inotifyOf(engine, join(limits, 'not-there'))).toBeUndefined();
});

test('an address is free, taken, not of this machine, or none', async () => {
  // Longer than a label of a name may be, so that nobody is asked for it.
  const noName = 'x'.repeat(64);
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  expect(await whyNotAt({ host: '127.0.0.1', port })).toBe(`Something listens on 127.0.0.1:${port} already`);
  await new Promise((closed) => server.close(closed));
  expect(await whyNotAt({ host: '127.0.0.1', port: await freePort('127.0.0.1') })).toBeUndefined();
  expect(await whyNotAt({ host: '192.0.2.1', port: 30_080 })).toBe('192.0.2.1 is no address of this machine');
  expect(await whyNotAt({ host: noName, port: 30_080 })).toMatch(
    /^Nothing can listen on x+:30080 here \(E\w+\)$/,
  );
});
