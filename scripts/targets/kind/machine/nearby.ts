import { fits, unfit, untold } from '../../checks/check.ts';
import type { MachineCheck } from './machine.ts';

const elsewhere = /^(tcp|ssh|https?):\/\/(?!([^@/]*@)?(localhost|127\.[\d.]+|\[::1\])(:|\/|$))/;

/** kind's ports are opened on the machine that the engine runs on. */
export const nearby: MachineCheck = {
  name: "Docker's machine",
  look: ({ engineAddress, env: { DOCKER_HOST = '' } }) => {
    if (engineAddress === undefined) {
      return untold('Docker does not say where its engine is, which is where the ports are opened');
    }
    if (!elsewhere.test(engineAddress)) return fits("Docker's ports are this machine's");
    const by = DOCKER_HOST === '' ? "Docker's context leads to" : 'DOCKER_HOST is';
    return unfit(
      `${by} ${engineAddress}, and a kind cluster listens on the machine of its engine alone`,
      'run this there',
    );
  },
};
