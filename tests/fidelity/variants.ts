import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ShortObject, Table } from './rows.ts';
import { readOrderVariants, readPolicyVariants, type VariantRow } from './tables/variants.ts';

interface Variants {
  selector: string;
  rules: Record<string, unknown>;
  policies: Record<string, ShortObject[]>;
  /** Policies that were given to the API in a dry run. */
  dryRuns: Record<string, ShortObject & { apiVersion?: string }>;
}

/** The policies behind the titles of the recordings. */
export const variants = parse(
  readFileSync(join(import.meta.dirname, 'recorded', 'variants.yaml'), 'utf8'),
) as Variants;

const frontendDeny: ShortObject = { name: 'frontend-deny', order: 20, types: ['Ingress'] };

/** What was in force for a title. */
function givenFor(title: string): ShortObject[] {
  const rule = variants.rules[title];
  if (rule !== undefined) return [frontendDeny, { name: 'p', order: 10, ingress: [rule] }];
  const policies = variants.policies[title];
  if (policies === undefined) throw new Error(`variants.yaml has nothing for "${title}".`);
  return policies;
}

function tableOf(name: string, rows: readonly VariantRow[]): Table {
  return {
    name,
    selector: variants.selector,
    unmodelled: [],
    rows: rows.map(({ title, answers }) => ({
      row: title,
      given: givenFor(title),
      seen: Object.fromEntries(
        answers.map(({ method, target, status }) => [`gateway ${method} ${target}`, status]),
      ),
    })),
  };
}

/** The recorded lists of policies as tables of rows. */
export const variantTables: readonly Table[] = [
  tableOf('policy variants', readPolicyVariants()),
  tableOf('order variants', readOrderVariants()),
];
