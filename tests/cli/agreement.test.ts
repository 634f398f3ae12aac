import { PassThrough } from 'node:stream';
import { expect } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { type Ask, askOnTerminal } from '../../scripts/lib/ask.ts';
import { benchDecisions } from '../../scripts/lib/bench/on-cluster.ts';
import { readDecisionsOptions } from '../../scripts/lib/bench/options.ts';
import { conform } from '../../scripts/lib/conform.ts';
import { type ClusterOptions, readOptions } from '../../scripts/lib/options.ts';
import { rejection } from '../cluster/fixture.ts';
import { test } from './fixture.ts';
import { changes } from './sound-cluster.ts';

const never = () => new AbortController().signal;

/** A terminal on which this is typed. */
function terminal(typed?: string): { input: PassThrough & { isTTY: boolean }; output: PassThrough } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  if (typed !== undefined) input.write(typed);
  return { input, output };
}

const typed: [what: string, keys: string, answer: string][] = [
  ['a word and the enter key', 'yes\r', 'yes'],
  ['Ctrl-C', 'y\x03', ''],
  ['Ctrl-D', '\x04', ''],
];

for (const [what, keys, answer] of typed) {
  test(`${what} at the question is ${answer === '' ? 'no' : 'an'} answer`, async () => {
    const { input, output } = terminal(keys);
    expect(await askOnTerminal('Go on? ', never(), { input, output })).toBe(answer);
    expect(String(output.read())).toContain('Go on? ');
  });
}

test('an interrupt from elsewhere ends the question', async () => {
  const abort = new AbortController();
  const asked = askOnTerminal('Go on? ', abort.signal, terminal());
  abort.abort();
  expect(await asked).toBe('');
});

test('where there is no terminal, nobody is asked', async () => {
  const input = new PassThrough();
  const error = await rejection(askOnTerminal('Go on? ', never(), { input, output: input }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toMatch(/no terminal to ask on; give --yes/);
});

const verbs: Record<string, (args: string[], ask: Ask) => Promise<number>> = {
  conformance: (args, ask) => conform(readOptions(args) as ClusterOptions, never(), ask),
  'bench -- decisions': (args, ask) => benchDecisions(readDecisionsOptions(args)!, never(), ask),
};

for (const [verb, run] of Object.entries(verbs)) {
  for (const answer of ['no', '']) {
    test(`${verb} that is answered "${answer}" changes nothing, and ends as interrupted`, async ({
      sound,
      kubeconfig,
    }) => {
      const asked: string[] = [];
      const args = ['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test'];
      const status = await run([...args, '--istioctl', 'no-such-istioctl'], async (question) => {
        asked.push(question);
        return answer;
      });
      expect({ status, asked }).toEqual({ status: 130, asked: ['Go on? [y/N] '] });
      expect(changes(sound)).toEqual([]);
    });
  }
}

for (const [keep, sentence] of [
  [[], 'Everything is undone at the end; '],
  [['--keep'], 'It stays at the end, until `npm run down` undoes it; '],
] as const) {
  test(`whoever is asked ${keep.join('') || 'without --keep'} is told what becomes of the changes`, async ({
    sound: _,
    kubeconfig,
  }) => {
    let told = '';
    const { write } = process.stdout;
    process.stdout.write = ((text: string) => {
      told += text;
      return true;
    }) as typeof write;
    try {
      const args = ['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test', ...keep];
      await verbs.conformance?.([...args, '--istioctl', 'no-such-istioctl'], async () => 'no');
    } finally {
      process.stdout.write = write;
    }
    expect(told).toContain(`\n${sentence}nothing is deleted that the run did not make.\n`);
  });
}
