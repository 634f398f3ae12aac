import { fits, unfit } from '../../checks/check.ts';
import type { MachineCheck } from './machine.ts';

/** kind's ports are opened on the machine that the engine runs on. */
export const nearby: MachineCheck = {
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
