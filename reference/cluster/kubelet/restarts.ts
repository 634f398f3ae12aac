import type { ContainerSpec } from '../../workloads/program.ts';
import { isNativeSidecar, type PodSpec } from '../pod.ts';

/**
 * Whether a container that ended by itself is started again: a native sidecar always, any other as its pod says
 * (core/v1 PodSpec.restartPolicy).
 */
export function restartsAfter(
  { restartPolicy }: PodSpec,
  container: ContainerSpec,
  exitCode: number,
): boolean {
  if (isNativeSidecar(container) || restartPolicy === undefined || restartPolicy === 'Always') return true;
  return restartPolicy === 'OnFailure' && exitCode !== 0;
}
