import { expect, test } from '@playwright/test';
import { deviationsOf } from '../../../reference/deviations/index.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { overlay } from '../../../reference/rules/rules.ts';
import { portsAndNets } from './rows/ports-and-nets.ts';
import type { Row } from './rows/row.ts';
import { selectionRows } from './rows/selection.ts';
import { serviceAccounts } from './rows/service-accounts.ts';
import { stagedRows } from './rows/staged.ts';
import { tierRows } from './rows/tiers.ts';
import { outcomeOf } from './world.ts';

const measured = overlay(calicoRules, ...deviationsOf('v3.32.1').map(({ rules }) => rules));

const areas: Record<string, Row[]> = {
  'staged policies': stagedRows,
  'ports and nets': portsAndNets,
  selection: selectionRows,
  'service accounts': serviceAccounts,
  'tiers and order': tierRows,
};

for (const [area, rows] of Object.entries(areas)) {
  for (const { row, objects, asks } of rows) {
    test(`${area}: ${row}`, () => {
      const expected = Object.entries(asks).map(([ask, outcome]) =>
        typeof outcome === 'string' ? { ask, promised: outcome, measured: outcome } : { ask, ...outcome },
      );
      const found = expected.map(({ ask }) => ({
        ask,
        promised: outcomeOf(objects, ask, calicoRules),
        measured: outcomeOf(objects, ask, measured),
      }));
      expect(found).toEqual(expected);
    });
  }
}
