import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { CheckStatus, Question } from '../../fixtures/policy-case/model.ts';
import { checkRequest } from '../../reference/calico/l7.ts';
import { ViewBuilder } from '../../reference/calico/view.ts';
import { deviationsOf } from '../../reference/deviations/index.ts';
import { type CalicoRules, calicoRules } from '../../reference/rules/calico.ts';
import { overlay } from '../../reference/rules/rules.ts';
import { keyOf, parseApiVersion } from '../../reference/store/resource-type.ts';
import type { RecordedCase, Recording } from '../../scripts/lib/differential/recording.ts';
import { loadVectors, recordedReleases } from './vectors.ts';

/*
 * The reference mesh is held to what real binaries answered, like the oracle and apart from it: that the two agree
 * with each other would say little, since the same people wrote both.
 */
for (const release of recordedReleases) {
  test(`with its deviations laid over, the reference mesh answers as ${release} did`, () => {
    const rules = overlay(calicoRules, ...deviationsOf(release).map((deviation) => deviation.rules));
    expect(wrongAnswers(loadVectors(release), rules, 3)).toEqual([]);
  });
}

/** The first answers that are not those recorded. */
function wrongAnswers({ cases }: Recording, rules: CalicoRules, atMost: number) {
  const wrong: { question: Question; answered: CheckStatus; recorded: CheckStatus | undefined }[] = [];
  for (const { objects, workload, questions, answers } of cases) {
    const view = viewOf(objects, rules);
    const pod = `${workload.namespace}/${workload.name}`;
    for (const [index, question] of questions.entries()) {
      const answered = checkRequest(view, pod, question, rules);
      const recorded = answers[index];
      if (answered !== recorded) wrong.push({ question, answered, recorded });
      if (wrong.length === atMost) return wrong;
    }
  }
  return wrong;
}

function viewOf(objects: RecordedCase['objects'], rules: CalicoRules) {
  const byKey = Map.groupBy(objects, (object: KubeObject) =>
    keyOf({ group: parseApiVersion(object.apiVersion).group, kind: object.kind }),
  );
  return new ViewBuilder(rules).build((key) => byKey.get(key) ?? []);
}
