import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { PolicyCase } from '../../../fixtures/policy-case/model.ts';

/** Whether a case still shows what it is kept for. */
export type Shows = (candidate: PolicyCase) => Promise<boolean>;

/**
 * Leaves out of a case whatever it does not need: questions, objects, rules. Shrinking what was generated cannot do
 * that for those who live in every generated cluster.
 */
export async function reduce(policyCase: PolicyCase, shows: Shows): Promise<PolicyCase> {
  let current = policyCase;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of candidates(current)) {
      if (!(await shows(candidate))) continue;
      current = candidate;
      smaller = true;
      break;
    }
  }
  return current;
}

/** Every way to leave one thing out, big things first. */
function* candidates(policyCase: PolicyCase): Generator<PolicyCase> {
  const { objects, workload, questions } = policyCase;
  if (questions.length > 1) {
    for (const question of questions) yield { ...policyCase, questions: [question] };
  }
  for (const [index, object] of objects.entries()) {
    if (isNeeded(object, workload, objects)) continue;
    yield { ...policyCase, objects: objects.toSpliced(index, 1) };
  }
  for (const [index, object] of objects.entries()) {
    for (const changed of withoutOneRule(object)) {
      yield { ...policyCase, objects: objects.with(index, changed) };
    }
  }
}

// No cluster is without its default tier, nor anything without what it is in: no API would have stored it.
function isNeeded(
  { kind, metadata }: KubeObject,
  workload: PolicyCase['workload'],
  objects: readonly KubeObject[],
): boolean {
  if (kind === 'Tier') {
    return metadata.name === 'default' || objects.some(({ spec }) => tierOf(spec) === metadata.name);
  }
  if (kind === 'Namespace') {
    return objects.some((other) => other.metadata.namespace === metadata.name);
  }
  return kind === 'Pod' && metadata.name === workload.name && metadata.namespace === workload.namespace;
}

function tierOf(spec: unknown): unknown {
  return (spec as { tier?: unknown } | undefined)?.tier;
}

function* withoutOneRule(object: KubeObject): Generator<KubeObject> {
  const { spec } = object as { spec?: { ingress?: unknown[]; types?: string[]; egress?: unknown[] } };
  if (spec?.ingress === undefined) return;
  for (const index of spec.ingress.keys()) {
    yield { ...object, spec: { ...spec, ingress: spec.ingress.toSpliced(index, 1) } };
  }
}
