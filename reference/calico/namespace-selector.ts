import { type Expression, holds, type Labels } from '../../fixtures/selectors/expression.ts';
import type { Selector } from '../../fixtures/selectors/selector.ts';

/**
 * Whether a namespace selector selects something by where it lies. What lies in no namespace is selected by
 * `global()`, never by `all()`, and otherwise as if its namespace had no labels, so that `!has(team)` selects it
 * (calico `libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go`).
 *
 * @param labels those of its namespace; undefined when it lies in none.
 */
export function selectsNamespace({ expression }: Selector, labels: Labels | undefined): boolean {
  const selects = (part: Expression): boolean => {
    switch (part.op) {
      case 'all':
        return labels !== undefined;
      case 'global':
        return labels === undefined;
      case 'any':
        return part.of.some(selects);
      case 'every':
        return part.of.every(selects);
      case 'not':
        return !selects(part.of);
      default:
        return holds(part, labels ?? {});
    }
  };
  return selects(expression);
}
