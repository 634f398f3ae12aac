import { refuseIfHeld } from '../../lib/lease.ts';
import { type Check, fits } from './check.ts';

/** Whether another run has the cluster; the Lease says so in its own words. */
export const otherRuns: Check = {
  name: 'other runs',
  look: async (cluster) => {
    await refuseIfHeld(cluster);
    return fits('No other run is using the cluster, or has left anything on it');
  },
};
