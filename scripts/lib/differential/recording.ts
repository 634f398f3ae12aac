import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { CheckStatus, PolicyCase, Question } from '../../../fixtures/policy-case/model.ts';

/** A case with what was answered, each answer at the place of its question. */
export interface RecordedCase extends PolicyCase {
  answers: CheckStatus[];
}

/** What one release answered. */
export interface Recording {
  release: string;
  seed: number;
  cases: RecordedCase[];
}

interface FirstLine {
  release: string;
  seed: number;
  /** What is in force in every case. */
  shared: KubeObject[];
}

interface CaseLine {
  workload: PolicyCase['workload'];
  /** What is in force besides. */
  objects: KubeObject[];
  asked: [question: Question, answer: CheckStatus][];
}

/** A recording as compressed lines of JSON: what all cases share, then case by case. */
export function encode({ release, seed, cases }: Recording): Buffer {
  const shared =
    cases[0]?.objects.filter((object) => cases.every(({ objects }) => objects.includes(object))) ?? [];
  const first: FirstLine = { release, seed, shared };
  const lines = cases.map(({ objects, workload, questions, answers }): CaseLine => {
    const own = objects.filter((object) => !shared.includes(object));
    return { workload, objects: own, asked: questions.map((question, index) => [question, answers[index]!]) };
  });
  return gzipSync([first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 });
}

export function decode(bytes: Uint8Array): Recording {
  const [first = '', ...lines] = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
  const { release, seed, shared } = JSON.parse(first) as FirstLine;
  const cases = lines.map((line): RecordedCase => {
    const { workload, objects, asked } = JSON.parse(line) as CaseLine;
    return {
      workload,
      objects: [...shared, ...objects],
      questions: asked.map(([question]) => question),
      answers: asked.map(([, answer]) => answer),
    };
  });
  return { release, seed, cases };
}
