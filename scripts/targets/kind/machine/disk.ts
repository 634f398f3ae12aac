import { statfs } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import { fits, note, unfit, untold } from '../../checks/check.ts';
import type { DockerFacts } from '../docker.ts';
import { type EngineCheck, gibibyte, inGiB } from './machine.ts';

/**
 * Estimates by what the released images unpack to: the nodes' own takes 1 GiB, Calico and Istio another one on each of
 * two nodes, the shop and what is kept packed as much again and more.
 */
const neededBytes = 3 * gibibyte;
const amplyBytes = 8 * gibibyte;

const makeRoom = 'make room, for example with `docker system prune`';

export const disk: EngineCheck = {
  name: 'disk',
  look: ({ root }, { freeBytes }) => {
    if (freeBytes === undefined) {
      return untold('How much room there is for images cannot be seen from here');
    }
    const said = `${inGiB(freeBytes)} are free where Docker keeps its images (${root})`;
    if (freeBytes < neededBytes) return unfit(`${said}, and the nodes alone need 3`, makeRoom);
    return freeBytes < amplyBytes
      ? note(`${said}, and two nodes with the mesh and the shop may need 8`, makeRoom)
      : fits(said);
  },
};

/** Bytes that are free where an engine keeps what it has, if that is a folder of this machine. */
export async function freeBytesOf({ root, host, kernel }: DockerFacts): Promise<number | undefined> {
  // Docker Desktop and its like have a machine of their own, where a folder of that name is another one.
  if (root === undefined || host !== hostname() || kernel !== release()) return undefined;
  try {
    const { bavail, bsize } = await statfs(root);
    return bavail * bsize;
  } catch {
    // A container that was given the engine's socket sees none of its folders.
    return undefined;
  }
}
