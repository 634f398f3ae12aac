import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { checkMachine, freePort, type Machine, whyNotAt } from '../../scripts/targets/kind/machine.ts';
import { UnfitError } from '../../scripts/targets/preflight.ts';

const gibibyte = 1024 ** 3;
const fit: Machine = {
  docker: { version: '28.0.0', memoryBytes: 16 * gibibyte, cgroupVersion: '2' },
  lane: { kubernetes: 'v1.34.3' },
  ingress: { host: '127.0.0.1', port: 30_080 },
  ingressTrouble: undefined,
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
    { docker: { version: '28.0.0', memoryBytes: 3.4 * gibibyte, cgroupVersion: '2' } },
    'Docker has 3.4 GiB of memory, and two nodes with the mesh need 4: give it more.',
  ],
  [
    'an engine elsewhere',
    { env: { DOCKER_HOST: 'ssh://someone@build.example' } },
    'DOCKER_HOST is ssh://someone@build.example, and a kind cluster listens on the machine of its engine alone: run this there.',
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
  const { docker } = { docker: { version: '28.0.0', memoryBytes: gibibyte, cgroupVersion: '2' } };
  expect(() =>
    checkMachine({ ...fit, docker, ingressTrouble: '192.0.2.1 is no address of this machine' }),
  ).toThrow(/^Docker has 1\.0 GiB .*\n192\.0\.2\.1 is no address of this machine: /);
});

for (const host of ['tcp://127.0.0.1:2375', 'tcp://localhost:2375', 'unix:///run/docker.sock']) {
  test(`an engine at ${host} is here`, () => {
    expect(checkMachine({ ...fit, env: { DOCKER_HOST: host } })).toEqual([]);
  });
}

test('cgroup v1 is news from Kubernetes 1.35 on', () => {
  const docker = { version: '20.10.24', memoryBytes: 16 * gibibyte, cgroupVersion: '1' };
  expect(checkMachine({ ...fit, docker })).toEqual([]);
  expect(checkMachine({ ...fit, docker, lane: { kubernetes: 'v1.36.1' } })).toEqual([
    'Docker uses cgroup v1, which Kubernetes v1.36.1 runs on only when forced to, as is done here.',
  ]);
});

test('an address is free, taken, or not of this machine', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  expect(await whyNotAt({ host: '127.0.0.1', port })).toBe(`Something listens on 127.0.0.1:${port} already`);
  await new Promise((closed) => server.close(closed));
  expect(await whyNotAt({ host: '127.0.0.1', port: await freePort('127.0.0.1') })).toBeUndefined();
  expect(await whyNotAt({ host: '192.0.2.1', port: 30_080 })).toBe('192.0.2.1 is no address of this machine');
});
