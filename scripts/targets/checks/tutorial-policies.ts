import { tutorialPolicies } from '../../../fixtures/policies/tutorial.ts';
import { type Check, fits, unfit } from './check.ts';

export const tutorialPolicyNames: Check = {
  name: "the tutorial's policies",
  look: async (cluster) => {
    const names = Object.keys(tutorialPolicies);
    const found = await Promise.all(
      names.map((name) =>
        cluster.find({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', name }),
      ),
    );
    const taken = names.filter((_, index) => found[index] !== undefined);
    if (taken.length === 0) return fits("The names of the tutorial's policies are free");
    const [one, ...more] = taken;
    return more.length === 0
      ? unfit(
          `GlobalNetworkPolicy ${one} exists already, and the run needs that name`,
          'rename or delete it, or run `npm run down` if an earlier run left it',
        )
      : unfit(
          `GlobalNetworkPolicies ${taken.join(', ')} exist already, and the run needs those names`,
          'rename or delete them, or run `npm run down` if an earlier run left them',
        );
  },
};
