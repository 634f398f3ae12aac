import type { CalicoRules } from '../rules/calico.ts';
import type { Entity } from './compile.ts';
import type { Member } from './members.ts';
import { selectsNamespace } from './namespace-selector.ts';
import type { Layer } from './policy.ts';
import type { Holder } from './view.ts';

/**
 * Which holders of an address one side of a rule means. What it excludes is taken out of what it selects, so that an
 * address is meant while a holder is left; where it selects nothing, an address with an excluded holder is not meant
 * (calico `felix/calc/rule_scanner.go` combineMatchesIfPossible).
 *
 * @returns undefined when the address is not meant; all of them where the side does not select.
 */
export function selectedOf(
  entity: Entity,
  holders: readonly Holder[],
  layer: Layer,
  rules: CalicoRules,
): readonly Holder[] | undefined {
  const { notSelector } = entity;
  const excludes = (member: Member) =>
    notSelector !== undefined &&
    rules.negationCounts('notSelector', layer) &&
    notSelector.matches(member.labels);
  const contains = (some: readonly Holder[]) => {
    const nets = some.flatMap((holder) => holder.nets);
    return rules.selectionContains(nets, layer);
  };
  if (!selects(entity)) {
    return notSelector !== undefined && contains(holders.filter(({ member }) => excludes(member)))
      ? undefined
      : holders;
  }
  const selected = holders.filter(({ member }) => memberMatches(entity, member, rules) && !excludes(member));
  return contains(selected) ? selected : undefined;
}

/** What has no service account is selected as if it had one without name and labels. */
const nobody = { name: '', labels: {} };

/** Whether the rule means certain pods or sets. */
function selects(entity: Entity): boolean {
  const { selector, namespaceSelector, ownNamespace, serviceAccounts, notSelector } = entity;
  if (selector ?? namespaceSelector ?? serviceAccounts) return true;
  // Only what is in the policy's own namespace is meant, without those that the selector excludes.
  return notSelector !== undefined && ownNamespace !== undefined;
}

function memberMatches(
  { selector, namespaceSelector, ownNamespace, serviceAccounts }: Entity,
  { labels, namespace, serviceAccount }: Member,
  rules: CalicoRules,
): boolean {
  return rules.memberMatches({
    selector: selector?.matches(labels) ?? true,
    namespace:
      namespaceSelector === undefined
        ? ownNamespace === undefined || ownNamespace === namespace?.name
        : selectsNamespace(namespaceSelector, namespace?.labels),
    serviceAccount:
      serviceAccounts === undefined || rules.serviceAccountMatches(serviceAccounts, serviceAccount ?? nobody),
  });
}
