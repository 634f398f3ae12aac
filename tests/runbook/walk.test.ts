import { expect, test } from '@playwright/test';
import { loadFacts, type Run } from '../../fixtures/run.ts';
import type { Step } from '../../scripts/runbook/step.ts';
import { take } from '../../scripts/runbook/walk.ts';
import { FakeCluster } from '../guest/fake-cluster.ts';

const cluster = new FakeCluster().asCluster;

/** A step that tells which of its parts were called. */
function tellingStep(parts: Partial<Step> = {}): { step: Step; called: string[] } {
  const called: string[] = [];
  const tell =
    (name: 'present' | 'apply' | 'verify') =>
    async (...args: Parameters<Step['apply']>) => {
      called.push(name);
      return parts[name]?.(...args) as never;
    };
  const step = {
    title: 'A step',
    changes: '',
    present: tell('present'),
    apply: tell('apply'),
    verify: tell('verify'),
  };
  return { step, called };
}

function runIn(folder: string): Run {
  return { id: 'run1', folder } as Run;
}

test('a step whose effect is there is verified, and not done again', async ({}, info) => {
  const { step, called } = tellingStep({ present: async () => true });
  expect(await take(step, cluster, runIn(info.outputPath()))).toBe('present');
  expect(called).toEqual(['present', 'verify']);
});

test('a step whose effect is not there is done, then verified', async ({}, info) => {
  const run = runIn(info.outputPath());
  const { step, called } = tellingStep({ present: async () => false });
  expect(await take(step, cluster, run)).toBe('applied');
  expect(called).toEqual(['present', 'apply', 'verify']);
  expect(loadFacts(run)).toEqual({ done: ['A step'] });
});

test('a step that was taken twice is done once', async ({}, info) => {
  const run = runIn(info.outputPath());
  await take(tellingStep().step, cluster, run);
  await take(tellingStep().step, cluster, run);
  expect(loadFacts(run).done).toEqual(['A step']);
});

test('what a step learns is known to the next one', async ({}, info) => {
  const run = runIn(info.outputPath());
  const { step } = tellingStep({
    present: async () => false,
    apply: async (walk) => walk.learn({ ingress: { host: '192.0.2.1', port: 80 } }),
  });
  await take(step, cluster, run);
  let known: unknown;
  const next = tellingStep({
    verify: async ({ facts }) => {
      known = facts.ingress;
    },
  });
  await take({ ...next.step, title: 'Another' }, cluster, run);
  expect(known).toEqual({ host: '192.0.2.1', port: 80 });
  expect(loadFacts(run).done).toEqual(['A step', 'Another']);
});

for (const part of ['present', 'apply', 'verify'] as const) {
  test(`a step that fails in ${part} is kept as the one that failed, with its cause`, async ({}, info) => {
    const run = runIn(info.outputPath());
    const { step } = tellingStep({
      present: async () => false,
      [part]: async () => {
        throw new Error('istiod is not ready');
      },
    });
    await expect(take(step, cluster, run)).rejects.toThrow('istiod is not ready');
    expect(loadFacts(run)).toEqual({ done: [], failed: { title: 'A step', cause: 'istiod is not ready' } });
  });
}
