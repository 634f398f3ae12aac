import { expect, test } from '@playwright/test';
import { type Outcome, outcomes } from '../../fixtures/outcome.ts';
import { foldRecords, foldRuns, foldSteps } from '../../reports/fold.ts';
import { edge, record, run } from './sample.ts';

const worstFirst: Outcome[] = ['failed', 'unverified', 'broken', 'skipped', 'passed'];

test('the worse of two outcomes is the outcome, in either order', () => {
  for (const a of outcomes) {
    for (const b of outcomes) {
      const worse = worstFirst.indexOf(a) < worstFirst.indexOf(b) ? a : b;
      expect(foldRecords([record('HTTP-01', a), record('HTTP-01', b)]).outcome, `${a} and ${b}`).toBe(worse);
    }
  }
});

test('folding keeps all that was seen, and tells the worst cause first and each once', () => {
  const [first, second] = [
    edge('a -> GET /', 'allowed', 'allowed'),
    edge('b -> GET /', 'allowed', 'no route'),
  ];
  const measurement = { name: 'time to effect', value: 80, unit: 'ms' } as const;
  const folded = foldRecords([
    record('HTTP-01', 'broken', {
      cause: 'the cluster went away',
      edges: [first],
      measurements: [measurement],
      waitedMs: 40,
    }),
    record('HTTP-01', 'failed', { cause: 'a verdict differs', edges: [second], waitedMs: 60 }),
    record('HTTP-01', 'broken', { cause: 'the cluster went away' }),
  ]);
  expect(folded).toEqual({
    requirement: 'HTTP-01',
    outcome: 'failed',
    cause: 'a verdict differs; the cluster went away',
    edges: [first, second],
    measurements: [measurement],
    waitedMs: 100,
  });
});

test('a fold of passes has no cause', () => {
  expect(foldRecords([record('HTTP-01', 'passed'), record('HTTP-01', 'passed')])).not.toHaveProperty('cause');
});

test('nothing cannot be folded', () => {
  expect(() => foldRecords([])).toThrow('give at least one');
});

test('runs fold by requirement, in order, and point at the test that decided', () => {
  const folded = foldRuns([
    run('MTLS-01', 'passed', {}, { durationMs: 5 }),
    run('HTTP-01', 'passed', {}, { durationMs: 10, line: 1, diagnostics: ['diagnostics/a'] }),
    run('HTTP-01', 'failed', { cause: 'differs' }, { durationMs: 20, line: 2, project: 'extended' }),
    run('HTTP-01', 'broken', { cause: 'did not run' }, { durationMs: 0, line: 3, ran: false }),
  ]);
  expect(folded.map(({ requirement }) => requirement)).toEqual(['HTTP-01', 'MTLS-01']);
  expect(folded[0]).toMatchObject({
    ran: true,
    record: { outcome: 'failed', cause: 'differs; did not run' },
    durationMs: 30,
    diagnostics: ['diagnostics/a'],
    project: 'extended',
    line: 2,
  });
});

test('a step that every shard ran is told once, by its worst result and longest time', () => {
  const folded = foldSteps([
    { title: 'Install Istio', result: 'present', durationMs: 10 },
    { title: 'Deploy the shop', result: 'present', durationMs: 3 },
    { title: 'Install Istio', result: 'applied', durationMs: 900 },
    { title: 'Deploy the shop', result: 'failed', cause: 'no image', durationMs: 2, diagnostics: ['d/x'] },
  ]);
  expect(folded).toEqual([
    { title: 'Install Istio', result: 'applied', durationMs: 900 },
    { title: 'Deploy the shop', result: 'failed', cause: 'no image', durationMs: 3, diagnostics: ['d/x'] },
  ]);
});
