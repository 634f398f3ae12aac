import { fits, unfit } from '../../checks/check.ts';
import type { EngineCheck } from './machine.ts';

const page = 'https://kind.sigs.k8s.io/docs/user/rootless/';

/** What kind itself refuses of an engine (kind `pkg/cluster/internal/create/create.go`, validateProvider). */
export const containers: EngineCheck = {
  name: 'containers',
  look: (found) => {
    if (found.system === 'windows') {
      return unfit('Docker runs Windows containers', 'switch it to Linux containers, which the nodes are');
    }
    if (!found.rootless) return fits('Docker runs Linux containers');
    if (found.cgroupVersion === '1') {
      return unfit(
        'Docker runs without root on cgroup v1, which kind refuses',
        `boot with cgroup v2 (${page}), or use a Docker that runs as root`,
      );
    }
    return found.limits
      ? fits('Docker runs Linux containers, without root')
      : unfit(
          'Docker runs without root and cannot limit what containers take, which kind refuses',
          `set Delegate=yes for user@.service (${page}), or use a Docker that runs as root`,
        );
  },
};
