import semver from 'semver';
import { fits, note, untold } from '../../checks/check.ts';
import type { EngineCheck } from './machine.ts';

/** kubelet 1.35 and later start on cgroup v1 only when told to, as `kindConfig` does. */
export const cgroups: EngineCheck = {
  name: 'cgroups',
  look: ({ cgroupVersion }, { lane }) => {
    if (cgroupVersion === undefined) return untold('Docker does not say which version of cgroups it uses');
    if (cgroupVersion !== '1') return fits(`Docker uses cgroup v${cgroupVersion}`);
    return semver.gte(lane.kubernetes, '1.35.0')
      ? note(
          `Docker uses cgroup v1, which Kubernetes ${lane.kubernetes} runs on only when forced to, as is done here`,
        )
      : fits('Docker uses cgroup v1');
  },
};
