import { expect, test } from '@playwright/test';
import { boundsOf, nextSizes, type Share } from '../../../reference/cluster/rollout/sizes.ts';

interface Bounded {
  wanted: number;
  maxSurge: Share;
  maxUnavailable: Share;
  surge: number;
  unavailable: number;
}

const bounds: Bounded[] = [
  { wanted: 1, maxSurge: '25%', maxUnavailable: '25%', surge: 1, unavailable: 0 },
  { wanted: 4, maxSurge: '25%', maxUnavailable: '25%', surge: 1, unavailable: 1 },
  { wanted: 10, maxSurge: '25%', maxUnavailable: '25%', surge: 3, unavailable: 2 },
  { wanted: 3, maxSurge: 0, maxUnavailable: '25%', surge: 0, unavailable: 1 },
  { wanted: 2, maxSurge: 2, maxUnavailable: 5, surge: 2, unavailable: 2 },
];

for (const { wanted, maxSurge, maxUnavailable, ...expected } of bounds) {
  test(`bounds of ${wanted} replicas with ${maxSurge} and ${maxUnavailable}`, () => {
    expect(boundsOf({ rollingUpdate: { maxSurge, maxUnavailable } }, wanted)).toEqual(expected);
  });
}

/** The current ReplicaSet and old ones, as replicas and how many of them are available, before and after a step. */
interface Step {
  what: string;
  wanted: number;
  current: [number, number];
  old: [number, number][];
  next: { current: number; old: number[] };
}

const steps: Step[] = [
  {
    what: 'the surge comes first',
    wanted: 1,
    current: [0, 0],
    old: [[1, 1]],
    next: { current: 1, old: [1] },
  },
  { what: 'the old pod waits', wanted: 1, current: [1, 0], old: [[1, 1]], next: { current: 1, old: [1] } },
  { what: 'the old pod goes', wanted: 1, current: [1, 1], old: [[1, 1]], next: { current: 1, old: [0] } },
  {
    what: 'old pods that are broken go first',
    wanted: 4,
    current: [1, 0],
    old: [[4, 2]],
    next: { current: 1, old: [3] },
  },
  { what: 'both move', wanted: 4, current: [0, 0], old: [[4, 4]], next: { current: 1, old: [3] } },
  { what: 'a smaller Deployment', wanted: 1, current: [3, 3], old: [], next: { current: 1, old: [] } },
  {
    what: 'the oldest goes first',
    wanted: 4,
    current: [2, 2],
    old: [
      [1, 1],
      [2, 2],
    ],
    next: { current: 2, old: [0, 1] },
  },
];

for (const { what, wanted, current, old, next } of steps) {
  test(`a rolling update: ${what}`, () => {
    const revision = ([replicas, available]: [number, number]) => ({ replicas, available });
    expect(nextSizes(wanted, boundsOf({}, wanted), revision(current), old.map(revision))).toEqual(next);
  });
}
