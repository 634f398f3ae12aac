import fc from 'fast-check';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { conductOf, promisesOf, requestJudge } from '../../../fixtures/oracle/decide.ts';
import { policyCase } from '../../../fixtures/policy-case/generate/case.ts';
import type { CheckStatus, PolicyCase, Question, Workload } from '../../../fixtures/policy-case/model.ts';
import { reduce } from './reduce.ts';

/** What is asked: a Dikastes, as far as this needs it. */
export interface Answering {
  enforce(objects: readonly KubeObject[], workload: Workload): Promise<void>;
  check(questions: readonly Question[]): Promise<CheckStatus[]>;
}

export interface ComparisonOptions {
  release: string;
  /** How many questions to ask, at least. */
  questions: number;
  seed: number;
  /** Milliseconds that may go into making a difference small. */
  shrinkWithinMs?: number;
  signal?: AbortSignal;
}

export interface Comparison {
  questions: number;
  /** Sets of objects that the questions were asked under. */
  cases: number;
  difference?: Difference;
}

/** One question that was answered otherwise than expected, with as little in force as shows it. */
export interface Difference {
  objects: KubeObject[];
  workload: Workload;
  question: Question;
  /** What the release promises. */
  promised: CheckStatus;
  /** What it is expected to answer: the promise, or what a known deviation makes of it. */
  expected: CheckStatus;
  answered: CheckStatus;
}

/**
 * Asks generated questions until an answer is not the expected one, or all are asked. The same seed gives the same
 * questions.
 *
 * @throws whatever the target throws: then nothing is said about its answers.
 */
export async function compare(target: Answering, options: ComparisonOptions): Promise<Comparison> {
  const { release, questions: wanted, seed, shrinkWithinMs = 60_000, signal } = options;
  const conduct = conductOf(release);
  const asked = { questions: 0, cases: 0 };
  let problem: unknown;
  let shrinkUntil = Number.POSITIVE_INFINITY;

  const agrees = async (policyCase: PolicyCase): Promise<boolean> => {
    if (problem !== undefined || signal?.aborted || performance.now() > shrinkUntil) return true;
    try {
      return (await firstDifference(target, policyCase, conduct)) === undefined;
    } catch (error) {
      problem = error;
      return true;
    }
  };
  let found: PolicyCase | undefined;
  const property = fc.asyncProperty(policyCase(release), async (policyCase) => {
    if (found === undefined) {
      if (asked.questions >= wanted) return true;
      asked.cases += 1;
      asked.questions += policyCase.questions.length;
    }
    if (await agrees(policyCase)) return true;
    if (found === undefined) shrinkUntil = performance.now() + shrinkWithinMs;
    found = policyCase;
    return false;
  });
  await fc.check(property, { seed, numRuns: casesFor(wanted) });
  if (problem !== undefined) throw problem;
  signal?.throwIfAborted();
  if (found === undefined) return asked;

  // Made smaller, it must stay the same difference: another one may lie close by.
  const first = await firstDifference(target, found, conduct);
  const shows = async (candidate: PolicyCase): Promise<boolean> => {
    if (await agrees(candidate)) return false;
    const other = await firstDifference(target, candidate, conduct);
    return other?.expected === first?.expected && other?.answered === first?.answered;
  };
  const smallest = await reduce(found, shows);
  if (problem !== undefined) throw problem;
  const { objects, workload } = smallest;
  const difference = await firstDifference(target, smallest, conduct);
  if (difference === undefined) {
    throw new Error(`The answers to one question differ from time to time: ${JSON.stringify(smallest)}`);
  }
  const promised = requestJudge(objects, workload, promisesOf(release))(difference.question);
  return { ...asked, difference: { objects, workload, promised, ...difference } };
}

/** Generously as many generated cases as so many questions take; those not needed are let go by unasked. */
export function casesFor(questions: number): number {
  return Math.ceil(questions / 4) + 50;
}

async function firstDifference(
  target: Answering,
  { objects, workload, questions }: PolicyCase,
  conduct: ReturnType<typeof conductOf>,
): Promise<Pick<Difference, 'question' | 'expected' | 'answered'> | undefined> {
  await target.enforce(objects, workload);
  const answers = await target.check(questions);
  const judge = requestJudge(objects, workload, conduct);
  for (const [index, question] of questions.entries()) {
    const expected = judge(question);
    const answered = answers[index]!;
    if (answered !== expected) return { question, expected, answered };
  }
  return undefined;
}
