import { expect, type TestInfo, test } from '@playwright/test';
import { outcomeAttachment } from '../../fixtures/marks.ts';
import { expect as matchers } from '../../fixtures/matchers/to-decide.ts';
import type { OutcomeRecord } from '../../fixtures/outcome.ts';
import { control } from '../../fixtures/probes/decide.ts';
import { GET } from '../../fixtures/probes/request.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { expectationFor, requirementFor } from '../../fixtures/requirement.ts';
import { expectationOf, loadCatalogue } from '../../specs/catalogue.ts';
import { statusRoute } from '../probes/scripted-route.ts';

// What only Playwright itself can do to a test is in `playwright.test.ts`; here its `test` is a stand-in.
const catalogue = loadCatalogue();
const [declared, other] = catalogue.filter(({ hazard }) => hazard !== true) as [
  (typeof catalogue)[0],
  (typeof catalogue)[0],
];
const hazard = catalogue.find((one) => one.hazard === true) as (typeof catalogue)[0];

type Body = (fixtures: object, info: TestInfo) => Promise<void>;

interface Declared {
  title: string;
  details: { tag: string[]; annotation: { type: string; description: string }[] };
  proof: Body;
}

/** What `requirement()` hands to Playwright. */
function declare(id: string, ...rest: [Body] | [string, Body]): Declared {
  const tests: Declared[] = [];
  const requirement = requirementFor((title: string, details: Declared['details'], proof: Body) =>
    tests.push({ title, details, proof }),
  );
  requirement(id, ...(rest as [string, Body]));
  expect(tests).toHaveLength(1);
  return tests[0] as Declared;
}

/** Runs a body as the proof of a requirement. */
async function prove(
  body: Body,
  id = declared.id,
): Promise<{ record: OutcomeRecord; transcript: string; thrown: unknown }> {
  const attachments = new Map<string, string>();
  const info = {
    project: { metadata: {} },
    attach: async (name: string, { body }: { body: string }) => {
      attachments.set(name, body);
    },
  } as unknown as TestInfo;
  const thrown = await declare(id, body)
    .proof({}, info)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return {
    record: JSON.parse(attachments.get(outcomeAttachment) ?? 'null') as OutcomeRecord,
    transcript: attachments.get('diagnostics/transcript.ndjson') ?? '',
    thrown,
  };
}

const once = { times: 1, withinMs: 1 };
const rows = [
  [GET('/'), 'allowed', control],
  [GET('/closed'), 'denied, cause unseen'],
] as const;
/** Decides the rows on a route that answers the control and the other request with these statuses. */
const decideWith = (controlStatus: number, status: number) =>
  matchers(statusRoute({ '/': controlStatus, '/closed': status })).toDecide(rows, once);

test('a test is titled by the statement of its requirement, and tagged by id and level', () => {
  expect(declare(declared.id, async () => {})).toMatchObject({
    title: `${declared.id} ${declared.statement}`,
    details: {
      tag: [`@${declared.id}`, `@${declared.level}`],
      annotation: [{ type: 'requirement', description: declared.id }],
    },
  });
});

test('parts of one requirement are told apart by their titles', () => {
  const { title } = declare(declared.id, 'the shop', async () => {});
  expect(title).toBe(`${declared.id} ${declared.statement} (the shop)`);
});

test('an id that is not in the catalogue is an error while specs are collected', () => {
  expect(() => declare('NONE-99', async () => {})).toThrow(
    'NONE-99 is not in the catalogue; declare it in specs/requirements first.',
  );
});

test('a body that ends well records passed, with its edges, measurements and transcript', async () => {
  const { record, transcript, thrown } = await prove(async () => {
    recorder.measure('time to effect', 12.4, 'ms');
    await decideWith(200, 403);
  });
  expect(thrown).toBeUndefined();
  expect(record).toMatchObject({ requirement: declared.id, outcome: 'passed' });
  expect(record).not.toHaveProperty('cause');
  expect(record.measurements).toEqual([{ name: 'time to effect', value: 12, unit: 'ms' }]);
  expect(record.edges.map(({ probe, seen, control, ok }) => [probe, seen, control, ok])).toEqual([
    ['client -> echo: GET /', 'allowed', true, true],
    ['client -> echo: GET /closed', 'denied, cause unseen', false, true],
  ]);
  const lines = transcript.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict)).toEqual([
    'allowed',
    'denied, cause unseen',
  ]);
});

const endings: [what: string, body: Body, outcome: string, cause: RegExp][] = [
  [
    'an expect that fails',
    async () => expect(1, 'how many pods').toBe(2),
    'failed',
    /^how many pods; .*Expected: 2; Received: 1$/,
  ],
  [
    'a denial that leaked',
    () => decideWith(200, 200),
    'failed',
    /^client -> echo: GET \/closed was allowed, expected denied, cause unseen/,
  ],
  [
    'a control that was denied',
    () => decideWith(403, 403),
    'unverified',
    /^the control failed, so denials prove nothing: client -> echo: GET \/ was denied/,
  ],
  [
    'any other error',
    async () => {
      throw new TypeError('x is not a function');
    },
    'broken',
    /^x is not a function$/,
  ],
];

for (const [what, body, outcome, cause] of endings) {
  test(`${what} records ${outcome} with its cause, and fails the test`, async () => {
    const { record, thrown } = await prove(body);
    expect(record.outcome).toBe(outcome);
    expect(record.cause).toMatch(cause);
    expect((thrown as Error).message).toContain(record.cause?.split(';')[0]);
  });

  test(`${what} of a hazard records ${outcome}, and ${outcome === 'failed' ? 'fails no test, as it is absent' : 'fails the test'}`, async () => {
    const { record, thrown } = await prove(body, hazard.id);
    expect(record).toMatchObject({ requirement: hazard.id, outcome });
    expect(thrown !== undefined).toBe(outcome !== 'failed');
  });
}

test('a hazard is tagged as such', () => {
  expect(declare(hazard.id, async () => {}).details.tag).toEqual([
    `@${hazard.id}`,
    `@${hazard.level}`,
    '@hazard',
  ]);
});

test('a test has what its own requirement expects of the release, where that differs', () => {
  const versions = { kubernetes: 'v1.34.4', calico: 'v3.32.1', istio: '1.28.10' };
  for (const requirement of [
    declared,
    ...catalogue.filter(({ expectations }) => expectations !== undefined),
  ]) {
    const { tag: tags } = declare(requirement.id, async () => {}).details;
    const expected = expectationOf(requirement, versions, 'native crds');
    expect(expectationFor({ tags }, versions, 'native crds')).toBe(expected);
    expect(expected !== undefined).toBe(requirement.expectations !== undefined);
  }
});

test('what one test showed is not taken for what the next one shows', async () => {
  await prove(() => decideWith(200, 403));
  const { record, transcript } = await prove(async () => {});
  expect(record.edges).toEqual([]);
  expect(transcript).toBe('');
});

test('a requirement is recorded by its own id, also when another came before it', async () => {
  await prove(async () => {});
  const info = { attach: async () => {} } as unknown as TestInfo;
  await declare(other.id, async () => {}).proof({}, info);
  expect((await prove(async () => {})).record.requirement).toBe(declared.id);
});
