import { fits, unfit } from '../../checks/check.ts';
import type { MachineCheck } from './machine.ts';

export const docker: MachineCheck = {
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
