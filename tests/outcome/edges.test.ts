import { expect, test } from '@playwright/test';
import { type Edge, judgeEdges } from '../../fixtures/outcome.ts';
import type { VerdictName } from '../../fixtures/verdicts/verdict.ts';

type Seen = [expected: VerdictName, seen: VerdictName, mark?: 'control'];

/** What a batch showed, and what it is worth. */
const batches: [what: string, edges: Seen[], judged: ReturnType<typeof judgeEdges>][] = [
  ['nothing', [], 'ok'],
  [
    'a denial beside an allowed control',
    [
      ['allowed', 'allowed', 'control'],
      ['denied by alp', 'denied by alp'],
    ],
    'ok',
  ],
  [
    'a denial that leaked beside an allowed control',
    [
      ['allowed', 'allowed', 'control'],
      ['denied by alp', 'allowed'],
    ],
    'failed',
  ],
  [
    'a denial by the wrong layer',
    [
      ['allowed', 'allowed', 'control'],
      ['denied by alp', 'denied by felix'],
    ],
    'failed',
  ],
  [
    'a denial whose cause is unseen',
    [
      ['allowed', 'allowed', 'control'],
      ['denied by alp', 'denied, cause unseen'],
    ],
    'failed',
  ],
  [
    'good denials beside a denied control',
    [
      ['allowed', 'denied by alp', 'control'],
      ['denied by alp', 'denied by alp'],
    ],
    'unverified',
  ],
  [
    'denials by the wrong layer beside a control that failed',
    [
      ['allowed', 'error', 'control'],
      ['denied by alp', 'error'],
    ],
    'unverified',
  ],
  [
    'one of two controls denied',
    [
      ['allowed', 'allowed', 'control'],
      ['allowed', 'filter error', 'control'],
    ],
    'unverified',
  ],
  [
    'a denial that leaked beside a denied control',
    [
      ['allowed', 'denied by alp', 'control'],
      ['denied by alp', 'allowed'],
    ],
    'failed',
  ],
  ['an allowance that is denied, without a control', [['allowed', 'denied by alp']], 'failed'],
  ['a lone control that is denied', [['allowed', 'denied by alp', 'control']], 'unverified'],
  ['a mutual TLS refusal that leaked, without a control', [['refused by mtls', 'allowed']], 'failed'],
];

for (const [what, edges, judged] of batches) {
  test(`${what}: ${judged}`, () => {
    expect(judgeEdges(edges.map(edge))).toBe(judged);
    expect(judgeEdges(edges.map(edge).reverse()), 'whatever the order').toBe(judged);
  });
}

function edge([expected, seen, mark]: Seen): Edge {
  return {
    probe: 'client -> echo: GET /',
    expected: [expected],
    seen,
    control: mark === 'control',
    ok: expected === seen,
    evidence: [],
    totalMs: 1,
  };
}
