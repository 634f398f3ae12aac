import { expect } from '@playwright/test';
import { test } from './fixture.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

// The copy has no folder of docs and nothing to check, so that whatever does more than help fails.
for (const [verb, ...needed] of [
  ['down'],
  ['docs'],
  ['check'],
  ['differential', '--calico', 'v3.32.1'],
  ['reference'],
] as const) {
  test(`the help of ${verb} is help, and what it does not take is wrong usage`, async ({ suite }) => {
    const help = await suite.run(verb, '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: npm run ${verb} .*\\n\\n[A-Z]`));
    expect(await suite.run(verb, ...needed, '--frobnicate')).toEqual({
      status: 2,
      stdout: '',
      stderr: "unknown option '--frobnicate' (see --help)",
    });
  });
}
