import type { Lane } from '../../../lanes/lane.ts';
import type { Address } from '../../../runbook/address.ts';
import type { Finding } from '../../checks/check.ts';
import type { DockerFacts, DockerTrouble } from '../docker.ts';
import type { InotifyLimits } from './inotify.ts';

/** What of this machine matters to a kind cluster. */
export interface Machine {
  docker: DockerFacts | DockerTrouble;
  /** Where its engine is, as a URL; undefined where that is not told. */
  engineAddress: string | undefined;
  lane: Pick<Lane, 'kubernetes'>;
  /** Where the gateway shall be reached, and why nothing can listen there, if it cannot. Port 0 is any free one. */
  ingress: Address;
  ingressTrouble: string | undefined;
  /** Bytes that are free where Docker keeps images and containers; undefined where that is not on this machine. */
  freeBytes: number | undefined;
  /** Of the kernel that the nodes run on; undefined where that is not this machine's. */
  inotify: InotifyLimits | undefined;
  env: NodeJS.ProcessEnv;
}

/** One thing that a kind cluster needs of its machine. A look changes nothing. */
export interface MachineCheck {
  name: string;
  look: (machine: Machine) => Finding;
}

/** One thing that it needs of an engine that answers. */
export interface EngineCheck {
  name: string;
  look: (engine: DockerFacts, machine: Machine) => Finding;
}

/** Whether docker is there and has said what it is. */
export function answers(found: Machine['docker']): found is DockerFacts {
  return found !== 'absent' && !('silent' in found);
}

export const gibibyte = 1024 ** 3;

/** Bytes as people say them. */
export const inGiB = (bytes: number): string => `${(bytes / gibibyte).toFixed(1)} GiB`;
