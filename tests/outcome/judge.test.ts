import { errors, expect, test } from '@playwright/test';
import { WaitError } from '../../fixtures/cluster/wait.ts';
import { ControlError, ExpectationError, judge, type Outcome } from '../../fixtures/outcome.ts';

/** Each way in which the body of a requirement can end by an error. */
const endings: [what: string, end: () => unknown, outcome: Outcome, cause: RegExp][] = [
  [
    'a control that was not allowed',
    () => {
      throw new ControlError('the control failed\n\n  the table');
    },
    'unverified',
    /^the control failed$/,
  ],
  [
    'a verdict that differs',
    () => {
      throw new ExpectationError('GET / was allowed\n\n  the table');
    },
    'failed',
    /^GET \/ was allowed$/,
  ],
  [
    'an expect on a value',
    () => expect(1, 'how many').toBe(2),
    'failed',
    /^how many; expect\(received\)\.toBe\(expected\).*; Expected: 2; Received: 1$/,
  ],
  ['an expect without a message', () => expect('a').toEqual('b'), 'failed', /toEqual/],
  ['a negated expect', () => expect([1]).not.toContain(1), 'failed', /toContain/],
  ['an expect on a promise', () => expect(Promise.resolve(1)).resolves.toBe(2), 'failed', /resolves.*toBe/],
  [
    'an expect that is polled',
    () => expect.poll(() => 1, { timeout: 30, intervals: [10] }).toBe(2),
    'failed',
    /toBe/,
  ],
  [
    'any other error',
    () => {
      throw new TypeError('x is not a function');
    },
    'broken',
    /^x is not a function$/,
  ],
  [
    'a wait that ended in vain',
    () => {
      throw new WaitError('Timed out after 5 s waiting for the pods; there was none');
    },
    'broken',
    /^Timed out after 5 s waiting for the pods/,
  ],
  [
    "Playwright's own time-out error",
    () => {
      throw new errors.TimeoutError('locator.click: Timeout 30000ms exceeded.\n\nCall log:\n  - waiting');
    },
    'broken',
    /^locator\.click: Timeout 30000ms exceeded\./,
  ],
  [
    'something thrown that is no error',
    () => {
      throw 'a word';
    },
    'broken',
    /^a word$/,
  ],
  [
    'undefined being thrown',
    () => {
      throw undefined;
    },
    'broken',
    /^undefined$/,
  ],
];

for (const [what, end, outcome, cause] of endings) {
  test(`${what} makes a requirement ${outcome}`, async () => {
    const judged = judge({ error: await thrownBy(end) });
    expect(judged.outcome).toBe(outcome);
    expect(judged.cause).toMatch(cause);
  });
}

test('a body that ends well makes a requirement passed, without a cause', () => {
  expect(judge(undefined)).toEqual({ outcome: 'passed' });
});

test('only an expectation of our own is one: an error that merely has its name is broken', () => {
  const impostor = Object.assign(new Error('no'), { name: 'ExpectationError' });
  expect(judge({ error: impostor }).outcome).toBe('broken');
});

test('a cause of our own has no colours and nothing but its first paragraph', () => {
  const { cause } = judge({
    error: new ExpectationError('\u001b[31mGET /\u001b[39m was allowed\n\nthe table'),
  });
  expect(cause).toBe('GET / was allowed');
});

test("anyone else's cause is told in one line of bounded length, without colours", () => {
  const { cause = '' } = judge({ error: new Error(`\u001b[31mno\u001b[39m\n\n${'more '.repeat(200)}`) });
  expect(cause).toMatch(/^no; more more /);
  expect(cause).not.toContain('\n');
  expect(cause.length).toBeLessThan(420);
});

async function thrownBy(end: () => unknown): Promise<unknown> {
  try {
    await end();
  } catch (error) {
    return error;
  }
  throw new Error('This ending threw nothing.');
}
