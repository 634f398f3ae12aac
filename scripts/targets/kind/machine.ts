import { createServer } from 'node:net';
import semver from 'semver';
import type { Lane } from '../../lanes/lane.ts';
import { type Address, writeAddress } from '../../runbook/address.ts';
import { type Finding, fits, note, sentenceOf, unfit } from '../checks/check.ts';
import { UnfitError } from '../preflight.ts';
import type { DockerFacts, DockerTrouble } from './docker.ts';

/** What of this machine matters to a kind cluster. */
export interface Machine {
  docker: DockerFacts | DockerTrouble;
  lane: Pick<Lane, 'kubernetes'>;
  /** Where the gateway shall be reached, and why nothing can listen there, if it cannot. */
  ingress: Address;
  ingressTrouble: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** One thing that a kind cluster needs of its machine. */
export interface MachineCheck {
  name: string;
  look: (machine: Machine) => Finding;
}

const gibibyte = 1024 ** 3;

/**
 * The whole mesh with two nodes and the shop was measured at 2.6 GiB with small stand-ins for half of the shop; an
 * engine that was given 4 GiB says that it has a little less.
 */
const neededGiB = 3.5;

const docker: MachineCheck = {
  name: 'Docker',
  look: ({ docker: found }) => {
    if (found === 'absent') {
      return unfit('There is no docker on your PATH', 'install Docker, which the nodes run in');
    }
    if ('silent' in found) {
      return unfit(
        `Docker does not answer (${found.silent})`,
        'start it, or say with DOCKER_HOST where it is',
      );
    }
    return fits(`Docker ${found.version} answers`);
  },
};

/** kind's ports are opened on the machine that the engine runs on. */
const nearby: MachineCheck = {
  name: "Docker's machine",
  look: ({ env: { DOCKER_HOST = '' } }) => {
    const remote = /^(tcp|ssh):\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|\/|$))/.test(DOCKER_HOST);
    return remote
      ? unfit(
          `DOCKER_HOST is ${DOCKER_HOST}, and a kind cluster listens on the machine of its engine alone`,
          'run this there',
        )
      : fits("Docker's ports are this machine's");
  },
};

const memory: MachineCheck = {
  name: 'memory',
  look: ({ docker: found }) => {
    if (!answers(found)) return note('Without Docker it is not known how much memory it has');
    const has = found.memoryBytes / gibibyte;
    const said = `Docker has ${has.toFixed(1)} GiB of memory`;
    return has < neededGiB
      ? unfit(`${said}, and two nodes with the mesh need 4`, 'give it more')
      : fits(said);
  },
};

/** kubelet 1.35 and later start on cgroup v1 only when told to, as `kindConfig` does. */
const cgroups: MachineCheck = {
  name: 'cgroups',
  look: ({ docker: found, lane }) => {
    if (!answers(found) || found.cgroupVersion !== '1') return fits('Docker uses cgroup v2');
    return semver.gte(lane.kubernetes, '1.35.0')
      ? note(
          `Docker uses cgroup v1, which Kubernetes ${lane.kubernetes} runs on only when forced to, as is done here`,
        )
      : fits('Docker uses cgroup v1');
  },
};

const port: MachineCheck = {
  name: 'ingress port',
  look: ({ ingress, ingressTrouble }) =>
    ingressTrouble === undefined
      ? fits(`The gateway can be reached at ${writeAddress(ingress)}`)
      : unfit(ingressTrouble, 'name another address with --ingress, or leave it out for a free port'),
};

/** Everything that is looked at before a cluster is made, in the order in which it is told. */
export const machineChecks: readonly MachineCheck[] = [docker, nearby, memory, cgroups, port];

/**
 * @returns what whoever makes the cluster should know, one sentence each.
 * @throws UnfitError with one sentence for each thing that keeps it from being made, saying what to do.
 */
export function checkMachine(machine: Machine): string[] {
  const findings = machineChecks.map(({ look }) => look(machine));
  const unfitted = findings.filter(({ verdict }) => verdict === 'unfit');
  if (unfitted.length > 0) throw new UnfitError(unfitted.map(sentenceOf).join('\n'));
  return answers(machine.docker) ? findings.filter(({ verdict }) => verdict === 'note').map(sentenceOf) : [];
}

/** Why nothing can listen on an address of this machine, in one sentence without its stop; undefined when it can. */
export async function whyNotAt(address: Address): Promise<string | undefined> {
  const { code } = await tryToListen(address);
  switch (code) {
    case 'EADDRINUSE':
      return `Something listens on ${writeAddress(address)} already`;
    case 'EADDRNOTAVAIL':
      return `${address.host} is no address of this machine`;
    default:
      // A port that only root may take is no matter to Docker.
      return undefined;
  }
}

/** A port of this machine that nothing listens on. */
export async function freePort(host: string): Promise<number> {
  const { port: free, code } = await tryToListen({ host, port: 0 });
  if (free === undefined) throw new UnfitError(`Nothing can listen on ${host} here (${code}).`);
  return free;
}

async function tryToListen(address: Address): Promise<{ port?: number; code?: string }> {
  const { promise, resolve } = Promise.withResolvers<{ port?: number; code?: string }>();
  const server = createServer();
  server.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => resolve({ code }));
  server.listen({ ...address, exclusive: true }, () => {
    const { port: listening } = server.address() as { port: number };
    server.close(() => resolve({ port: listening }));
  });
  return promise;
}

/** Whether docker is there and has said what it is. */
export function answers(found: Machine['docker']): found is DockerFacts {
  return found !== 'absent' && !('silent' in found);
}
