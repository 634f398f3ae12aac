import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { timestamp } from '../store/store.ts';

/** A condition of a status (meta/v1), and the older forms of it that pods and workloads have. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  [field: string]: unknown;
}

export function conditionsOf(object: KubeObject): Condition[] {
  return (object.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
}

/**
 * The conditions with one of them set. Its transition time moves only when its status does; one that says the same
 * already stays as it is, so that nothing is written.
 */
export function withCondition(conditions: readonly Condition[], wanted: Condition): Condition[] {
  const current = conditions.find(({ type }) => type === wanted.type);
  if (current === undefined) return [...conditions, { lastTransitionTime: timestamp(), ...wanted }];
  const same =
    current.status === wanted.status &&
    current.reason === wanted.reason &&
    current.message === wanted.message;
  if (same) return [...conditions];
  const lastTransitionTime = current.status === wanted.status ? current.lastTransitionTime : timestamp();
  const next: Condition = { ...wanted, ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  return conditions.map((condition) => (condition === current ? next : condition));
}

export function withoutCondition(conditions: readonly Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}
