import { expect, test } from '@playwright/test';
import { conductOf, requestJudge } from '../../fixtures/oracle/decide.ts';
import type { Promises } from '../../fixtures/oracle/promise.ts';
import type { CheckStatus, Question } from '../../fixtures/policy-case/model.ts';
import { type Answering, compare } from '../../scripts/lib/differential/compare.ts';
import { mistakes } from './wrong-dikastes.ts';

const release = 'v3.32.1';

/** Answers like the release, but for what is replaced. */
function dikastes(replaced: Partial<Promises>): Answering {
  let judge: ((question: Question) => CheckStatus) | undefined;
  return {
    enforce: async (objects, workload) => {
      judge = requestJudge(objects, workload, { ...conductOf(release), ...replaced });
    },
    check: async (questions) => questions.map(judge!),
  };
}

for (const [seed, [name, mistake]] of Object.entries(mistakes).entries()) {
  test(`found and made small: ${name}`, async () => {
    const { difference, questions } = await compare(dikastes(mistake), { release, questions: 20_000, seed });
    expect(difference).toBeDefined();
    const { objects, question, expected, answered, workload } = difference!;
    expect(answered).not.toBe(expected);
    expect(requestJudge(objects, workload, conductOf(release))(question)).toBe(expected);
    const rules = objects.flatMap(({ spec }) => (spec as { ingress?: unknown[] } | undefined)?.ingress ?? []);
    expect(rules.length).toBeLessThanOrEqual(2);
    expect(questions).toBeLessThan(20_000);
  });
}

test('a Dikastes without a mistake is found right', async () => {
  const { difference, questions } = await compare(dikastes({}), { release, questions: 2_000, seed: 1 });
  expect(difference).toBeUndefined();
  expect(questions).toBeGreaterThanOrEqual(2_000);
});

test('the same seed asks the same', async () => {
  const asked = async (seed: number) => {
    const heard: Question[] = [];
    const ear = dikastes({});
    const check: Answering['check'] = async (questions) => {
      heard.push(...questions);
      return ear.check(questions);
    };
    await compare({ enforce: ear.enforce, check }, { release, questions: 100, seed });
    return JSON.stringify(heard);
  };
  expect(await asked(5)).toBe(await asked(5));
  expect(await asked(5)).not.toBe(await asked(6));
});

test('what is wrong with the target is thrown, and never a difference', async () => {
  const dying: Answering = {
    enforce: async () => {},
    check: async () => {
      throw new Error('it died');
    },
  };
  await expect(compare(dying, { release, questions: 100, seed: 1 })).rejects.toThrow('it died');
});
