import type { Lane } from '../../../lanes/lane.ts';
import type { Address } from '../../../runbook/address.ts';
import { type Looked, sentenceOf, untold } from '../../checks/check.ts';
import { UnfitError } from '../../preflight.ts';
import { type Engine, engineAddress } from '../docker.ts';
import { cgroups } from './cgroups.ts';
import { containers } from './containers.ts';
import { disk, freeBytesOf } from './disk.ts';
import { docker } from './docker.ts';
import { ingressPort } from './ingress-port.ts';
import { inotify, inotifyOf } from './inotify.ts';
import { answers, type EngineCheck, type Machine, type MachineCheck } from './machine.ts';
import { memory } from './memory.ts';
import { nearby } from './nearby.ts';

/** What is asked of an engine that answers, in the order in which it is told. */
const engineChecks: readonly EngineCheck[] = [containers, memory, disk, cgroups, inotify];

/**
 * Reads what of this machine matters to a cluster of a lane.
 *
 * @param found what docker said of itself, when asked by `engine`.
 * @param ingress where the gateway shall be reached; port 0 is any free one.
 */
export async function machineHere(
  found: Machine['docker'],
  engine: Engine,
  lane: Pick<Lane, 'kubernetes'>,
  ingress: Address,
  ingressTrouble: string | undefined,
): Promise<Machine> {
  const isThere = answers(found);
  return {
    docker: found,
    engineAddress: await engineAddress(engine),
    lane,
    ingress,
    ingressTrouble,
    freeBytes: isThere ? await freeBytesOf(found) : undefined,
    inotify: isThere ? inotifyOf(found) : undefined,
    env: process.env,
  };
}

/** Everything that is looked at before a cluster is made, in the order in which it is told. */
export function lookAtMachine(machine: Machine): Looked[] {
  const all = (checks: readonly MachineCheck[]) =>
    checks.map(({ name, look }) => ({ name, ...look(machine) }));
  return [...all([docker, nearby]), ...lookAtEngine(machine), ...all([ingressPort])];
}

function lookAtEngine(machine: Machine): Looked[] {
  const { docker: engine } = machine;
  if (answers(engine)) return engineChecks.map(({ name, look }) => ({ name, ...look(engine, machine) }));
  const names = engineChecks.map(({ name }) => name);
  const all = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [{ name: all, ...untold(`Until Docker answers, nothing is known of its ${all}`) }];
}

/**
 * @returns what whoever makes the cluster should know, one sentence each.
 * @throws UnfitError with one sentence for each thing that keeps it from being made, saying what to do.
 */
export function checkMachine(machine: Machine): string[] {
  const findings = lookAtMachine(machine);
  const unfitted = findings.filter(({ verdict }) => verdict === 'unfit');
  if (unfitted.length > 0) throw new UnfitError(unfitted.map(sentenceOf).join('\n'));
  return findings.filter(({ verdict }) => verdict === 'note').map(sentenceOf);
}
