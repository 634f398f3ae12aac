import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { isPolicy } from './policy-problems.ts';

/**
 * Writes what Calico writes into an object that leaves it out: a policy's tier and types, and what a tier does in the
 * end. Types that were once written stay, whatever becomes of the rules (`observed/extended.md`, DEF-06).
 */
export function withDefaults(object: KubeObject): KubeObject {
  const spec = object.spec ?? {};
  if (!isObject(spec)) return object;
  if (isPolicy(object)) {
    const types = isEmpty(spec.types) ? typesFor(spec) : spec.types;
    return { ...object, spec: { ...spec, tier: spec.tier || 'default', types } };
  }
  if (object.kind === 'Tier') {
    return { ...object, spec: { ...spec, defaultAction: spec.defaultAction ?? 'Deny' } };
  }
  return object;
}

/** The types of a policy that names none (Calico reference, GlobalNetworkPolicy, `types`). */
export function typesFor({ ingress, egress }: JsonObject): string[] {
  if (isEmpty(egress)) return ['Ingress'];
  return isEmpty(ingress) ? ['Egress'] : ['Ingress', 'Egress'];
}

function isEmpty(list: unknown): boolean {
  return list === undefined || list === null || (Array.isArray(list) && list.length === 0);
}
