import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Difference } from './replay.ts';

interface Known {
  where: string;
  reason: string;
}

const known = parse(readFileSync(join(import.meta.dirname, 'known-differences.yaml'), 'utf8')) as Known[];

/**
 * What is to be said of the differences that were found in one table: those that are not known, and the known ones
 * that were not found.
 */
export function verdictOn(table: string, found: readonly Difference[]): string[] {
  const expected = known.filter(({ where }) => where.startsWith(`${table}: `)).map(({ where }) => where);
  return [
    ...found.filter(({ where }) => !expected.includes(where)).map(({ where, what }) => `${where}: ${what}`),
    ...expected
      .filter((where) => !found.some((difference) => difference.where === where))
      .map((where) => `${where}: known-differences.yaml lists it, but it is as recorded`),
  ];
}
