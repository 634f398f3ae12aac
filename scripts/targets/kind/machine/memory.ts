import { fits, unfit } from '../../checks/check.ts';
import { type EngineCheck, gibibyte, inGiB } from './machine.ts';

/**
 * The whole mesh with two nodes and the shop was measured at 2.6 GiB with small stand-ins for half of the shop; an
 * engine that was given 4 GiB says that it has a little less.
 */
const neededBytes = 3.5 * gibibyte;

export const memory: EngineCheck = {
  name: 'memory',
  look: (found) => {
    const said = `Docker has ${inGiB(found.memoryBytes)} of memory`;
    return found.memoryBytes < neededBytes
      ? unfit(`${said}, and two nodes with the mesh need 4`, 'give it more')
      : fits(said);
  },
};
