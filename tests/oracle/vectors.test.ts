import { expect, test } from '@playwright/test';
import { conductOf, requestJudge } from '../../fixtures/oracle/decide.ts';
import { deviationsOf } from '../../fixtures/oracle/deviations.ts';
import type { Promises } from '../../fixtures/oracle/promise.ts';
import type { CheckStatus, Question } from '../../fixtures/policy-case/model.ts';
import type { Recording } from '../../scripts/lib/differential/recording.ts';
import { loadVectors, recordedReleases } from './vectors.ts';

test('the releases on both sides of every great change were asked', () => {
  expect(recordedReleases).toEqual(['v3.24.1', 'v3.28.5', 'v3.29.7', 'v3.31.7', 'v3.32.0', 'v3.32.1']);
});

for (const release of recordedReleases) {
  test(`${release} answered what its promises and known deviations make one expect`, () => {
    const recording = loadVectors(release);
    expect(recording.release).toBe(release);
    expect(recording.cases.flatMap(({ answers }) => answers).length).toBeGreaterThanOrEqual(5_000);
    expect(wrongAnswers(recording, conductOf(release), 3)).toEqual([]);
  });
}

/** Deviations that no object shows which the API of their releases stores. */
const unseen = ['first-tier-only'];

// A release that answers nothing shows nothing else.
for (const release of ['v3.24.1', 'v3.28.5', 'v3.29.7', 'v3.32.0', 'v3.32.1']) {
  test(`every known deviation of ${release} shows in what it answered`, () => {
    const recording = loadVectors(release);
    const known = deviationsOf(release);
    for (const deviation of known) {
      if (unseen.includes(deviation.name)) continue;
      const rest = known.filter((other) => other !== deviation);
      const [wrong] = wrongAnswers(recording, conductOf(release, rest), 1);
      expect.soft(wrong, deviation.name).toBeDefined();
    }
  });
}

/** The first answers that are not those expected. */
function wrongAnswers({ cases }: Recording, promises: Promises, atMost: number) {
  const wrong: { question: Question; expected: CheckStatus; answered: CheckStatus | undefined }[] = [];
  for (const { objects, workload, questions, answers } of cases) {
    const judge = requestJudge(objects, workload, promises);
    for (const [index, question] of questions.entries()) {
      const expected = judge(question);
      const answered = answers[index];
      if (answered !== expected) wrong.push({ question, expected, answered });
      if (wrong.length === atMost) return wrong;
    }
  }
  return wrong;
}
