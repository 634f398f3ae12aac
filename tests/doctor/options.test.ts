import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { readDoctorOptions } from '../../scripts/doctor/options.ts';

const wrong: [args: string[], sentence: RegExp][] = [
  [['--frobnicate'], /^unknown option '--frobnicate' \(see --help\)$/],
  [['--target', 'kind'], /^unknown option '--target'/],
  [
    ['--kubeconfig', 'f'],
    /^--kubeconfig is for a cluster that is there already: name its context with --context, or leave it out\.$/,
  ],
  [['--pull-secret', 'a/b'], /^--pull-secret is for a cluster that is there already/],
  [['--mesh-ca'], /^--mesh-ca is for a cluster that is there already/],
  [
    ['--context', 'x', '--lane', 'next'],
    /^--lane is for a cluster that is yet to be made, and --context names one that is there: leave one out\.$/,
  ],
  [['--context', 'x', '--node-image', 'kindest/node:v1.34.4'], /^--node-image is for a cluster that is yet/],
  [['--bundle', 'b', '--node-image', 'kindest/node:v1.34.4'], /^A bundle has its own node image/],
  [['--gateway', 'x', '--context', 'x'], /It must be NAMESPACE\/NAME/],
  [['--ingress', 'localhost'], /It must be like http:/],
  [['now'], /too many arguments/],
];

for (const [args, sentence] of wrong) {
  test(`${args.join(' ')} is wrong usage, in one sentence`, () => {
    const read = () => readDoctorOptions(args);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
}

test('what changes the findings is taken, as conformance takes it', () => {
  expect(
    readDoctorOptions([
      '--context',
      'c',
      '--gateway',
      'a/b',
      '--revision',
      'r',
      '--kubeconfig',
      '/k',
      '--mesh-ca',
    ]),
  ).toMatchObject({ context: 'c', gateway: 'a/b', revision: 'r', kubeconfig: '/k', meshCa: true });
  expect(readDoctorOptions(['--lane', 'next', '--ingress', 'http://127.0.0.1:80'])).toMatchObject({
    lane: 'next',
    ingress: 'http://127.0.0.1:80',
  });
});
