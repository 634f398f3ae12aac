import fc from 'fast-check';
import { policyCase } from '../../../fixtures/policy-case/generate/case.ts';
import { type Answering, type ComparisonOptions, casesFor } from './compare.ts';
import type { RecordedCase, Recording } from './recording.ts';

/** Asks one generated case after the other until there are enough questions; the same seed gives the same ones. */
export async function record(target: Answering, options: ComparisonOptions): Promise<Recording> {
  const { release, questions, seed, signal } = options;
  const cases: RecordedCase[] = [];
  let asked = 0;
  for (const generated of fc.sample(policyCase(release), { seed, numRuns: casesFor(questions) })) {
    if (asked >= questions) break;
    signal?.throwIfAborted();
    await target.enforce(generated.objects, generated.workload);
    cases.push({ ...generated, answers: await target.check(generated.questions) });
    asked += generated.questions.length;
  }
  return { release, seed, cases };
}
