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
  { name: 'nothing was asked for', totals: { passed: 0 }, asked: 0, complete: false, status: 3 },
  { name: 'only hazards were asked for', totals: { passed: 0 }, status: 0 },
  { name: 'an error outside the requirements', errors: 1, complete: false, status: 3 },
  { name: 'one failed and an error outside', totals: { failed: 1 }, errors: 1, complete: false, status: 1 },
  { name: 'one was skipped for want of a means', totals: { skipped: 1 }, complete: false, status: 0 },
  { name: 'the same, strict', totals: { skipped: 1 }, complete: false, strict: true, status: 3 },
  { name: 'one does not apply, strict', totals: { skipped: 1 }, strict: true, status: 0 },
  { name: 'only skips', totals: { passed: 0, skipped: 2 }, complete: false, status: 0 },
  { name: 'interrupted', interrupted: true, complete: false, status: 130 },
  { name: 'interrupted after a failure', interrupted: true, totals: { failed: 1 }, status: 130 },
  {
    name: 'interrupted before anything was asked for',
    interrupted: true,
    totals: { passed: 0 },
    asked: 0,
    status: 130,
  },
];

for (const { name, status, totals, ...end } of table) {
  test(`exit status ${status}: ${name}`, () => {
    const given: RunEnd = {
      interrupted: false,
      asked: 3,
      errors: 0,
      complete: true,
      strict: false,
      ...end,
      totals: { ...none, passed: 3, ...totals },
    };
    expect(exitStatus(given)).toBe(status);
  });
}
