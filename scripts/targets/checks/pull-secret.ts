import { pullSecretRef } from '../../../fixtures/injector/pull-secret.ts';
import { type Check, fits, unfit } from './check.ts';

export const pullSecret: Check = {
  name: 'the pull secret',
  look: async (cluster, { options }) => {
    if (options.pullSecret === undefined) return fits('Images are pulled without a secret of the run');
    const secret = await cluster.find(pullSecretRef(options.pullSecret));
    if (secret === undefined) {
      return unfit(
        `There is no Secret ${options.pullSecret}`,
        'make it with `kubectl create secret docker-registry`, or give --pull-secret another one',
      );
    }
    return types.has(String(secret.type))
      ? fits(`Images are pulled with a copy of Secret ${options.pullSecret}`)
      : unfit(
          `Secret ${options.pullSecret} is of type ${secret.type}, which no image can be pulled with`,
          'give --pull-secret one that `kubectl create secret docker-registry` made',
        );
  },
};

const types = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);
