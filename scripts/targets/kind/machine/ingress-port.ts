import { writeAddress } from '../../../runbook/address.ts';
import { fits, unfit } from '../../checks/check.ts';
import type { MachineCheck } from './machine.ts';

export const ingressPort: MachineCheck = {
  name: 'ingress port',
  look: ({ ingress, ingressTrouble }) => {
    if (ingressTrouble !== undefined) {
      return unfit(
        ingressTrouble,
        ingress.port === 0
          ? 'take a lane whose addresses this machine has, or name another address with --ingress'
          : 'name another address with --ingress, or leave it out for a free port',
      );
    }
    return fits(
      ingress.port === 0
        ? `The gateway can be reached at a free port of ${ingress.host}`
        : `The gateway can be reached at ${writeAddress(ingress)}`,
    );
  },
};
