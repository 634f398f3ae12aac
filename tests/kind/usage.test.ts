import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { readOptions } from '../../scripts/lib/options.ts';

const wrong: [args: string[], sentence: string][] = [
  [
    ['--lane', 'seed'],
    '--lane is for a cluster that is made for the run: add --target kind, or leave it out.',
  ],
  [
    ['--target', 'existing', '--bundle', 'x'],
    '--bundle is for a cluster that is made for the run: add --target kind, or leave it out.',
  ],
  [
    ['--target', 'kind', '--context', 'x'],
    '--context is for a cluster that is there already: add --target existing, or leave it out.',
  ],
  [
    ['--target', 'kind', '--calico', 'v3.31.7'],
    "The release of Calico is its lane's: name another one with --lane, and leave --calico out.",
  ],
  [
    ['--target', 'kind', '--bundle', 'x', '--registry', 'mirror.example'],
    'With --bundle nothing is pulled, so that --registry has no say: leave one out.',
  ],
  [
    ['--target', 'kind', '--bundle', 'x', '--node-image', 'kindest/node:v1.34.4'],
    'A bundle has its own node image, so that --node-image has no say: leave one out.',
  ],
  [
    ['--target', 'kind', '--resume', 'x'],
    '--resume goes on with the same cluster, which only --keep has left: add --keep.',
  ],
];

for (const [args, sentence] of wrong) {
  test(`${args.join(' ')} is wrong usage, in one sentence`, () => {
    expect(() => readOptions(args)).toThrow(new UsageError(sentence));
  });
}

test('a registry is a host, with or without http', () => {
  const registryOf = (value: string) => readOptions(['--target', 'kind', '--registry', value])?.registry;
  expect(registryOf('mirror.example:5000')).toBe('mirror.example:5000');
  expect(registryOf('http://mirror.example/')).toBe('http://mirror.example');
  expect(() => registryOf('mirror.example/with/path')).toThrow(/It must be like registry\.example:5000/);
});
