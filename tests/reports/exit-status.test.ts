import { expect, test } from '@playwright/test';
import { exitStatus, type RunEnd } from '../../reports/exit-status.ts';
import type { Totals } from '../../reports/model.ts';

const none: Totals = { passed: 0, failed: 0, unverified: 0, broken: 0, skipped: 0 };

interface Row extends Partial<Omit<RunEnd, 'totals'>> {
  name: string;
  totals?: Partial<Totals>;
  status: number;
}

const table: Row[] = [
  { name: 'everything passed', status: 0 },
  { name: 'everything passed, strict', strict: true, status: 0 },
  { name: 'one failed', totals: { failed: 1 }, status: 1 },
  { name: 'one is unverified', totals: { unverified: 1 }, status: 1 },
  { name: 'one is broken', totals: { broken: 1 }, complete: false, status: 3 },
  { name: 'one failed and one is broken', totals: { failed: 1, broken: 1 }, complete: false, status: 1 },
  { name: 'the cluster was unreachable', unreachable: true, complete: false, status: 3 },
  { name: 'one failed, then the cluster was lost', totals: { failed: 1 }, unreachable: true, status: 1 },
  { name: 'nothing was selected', totals: { passed: 0 }, complete: false, status: 3 },
  { name: 'an error outside the requirements', errors: 1, complete: false, status: 3 },
  { name: 'one failed and an error outside', totals: { failed: 1 }, errors: 1, complete: false, status: 1 },
  { name: 'one was skipped for want of a means', totals: { skipped: 1 }, complete: false, status: 0 },
  { name: 'the same, strict', totals: { skipped: 1 }, complete: false, strict: true, status: 3 },
  { name: 'one does not apply, strict', totals: { skipped: 1 }, strict: true, status: 0 },
  { name: 'only skips', totals: { passed: 0, skipped: 2 }, complete: false, status: 0 },
  { name: 'interrupted', interrupted: true, complete: false, status: 130 },
  { name: 'interrupted after a failure', interrupted: true, totals: { failed: 1 }, status: 130 },
  { name: 'interrupted before anything was selected', interrupted: true, totals: { passed: 0 }, status: 130 },
  { name: 'a known failure', totals: { failed: 1 }, known: 1, status: 1 },
  { name: 'a known failure, gate new', totals: { failed: 1 }, known: 1, gate: 'new', status: 0 },
  { name: 'a known unverified, gate new', totals: { unverified: 1 }, known: 1, gate: 'new', status: 0 },
  { name: 'a new failure beside a known, gate new', totals: { failed: 2 }, known: 1, gate: 'new', status: 1 },
  {
    name: 'a new unverified beside a known failure, gate new',
    totals: { failed: 1, unverified: 1 },
    known: 1,
    gate: 'new',
    status: 1,
  },
  {
    name: 'a known failure and a broken one, gate new',
    totals: { failed: 1, broken: 1 },
    known: 1,
    gate: 'new',
    complete: false,
    status: 3,
  },
  {
    name: 'a known failure and a missing means, gate new, strict',
    totals: { failed: 1, skipped: 1 },
    known: 1,
    gate: 'new',
    complete: false,
    strict: true,
    status: 3,
  },
];

for (const { name, status, totals, ...end } of table) {
  test(`exit status ${status}: ${name}`, () => {
    const given: RunEnd = {
      interrupted: false,
      unreachable: false,
      complete: true,
      strict: false,
      ...end,
      totals: { ...none, passed: 3, ...totals },
    };
    expect(exitStatus(given)).toBe(status);
  });
}
