import { expect, test } from '@playwright/test';
import { type Group, missingIn, renderScreen, wrapped } from '../../scripts/doctor/screen.ts';
import { fits, note, unfit, untold } from '../../scripts/targets/checks/check.ts';

const plain = { next: 'npm run x', width: 40, paint: (_: string, text: string) => text };
const looked = (...findings: ReturnType<typeof fits>[]) => findings.map((one) => ({ name: 'x', ...one }));

const groups: Group[] = [
  { title: 'This machine', looked: looked(fits('Docker 28.0.0 answers'), untold('The disk cannot be seen')) },
  {
    title: 'The cluster of context kind-a-long-name-of-a-cluster',
    looked: looked(
      note('1 of 3 nodes run Windows', 'leave them'),
      unfit(
        'The cluster has no CSI driver csi.tigera.io, which is needed',
        'apply the manifest of the driver',
      ),
    ),
  },
];

test('each look is a line with its mark, what to do is below it, and nothing is wider than the terminal', () => {
  expect(renderScreen(groups, plain).split('\n')).toEqual([
    'This machine',
    '  ✓ Docker 28.0.0 answers',
    '  ? The disk cannot be seen',
    '',
    'The cluster of context',
    '  kind-a-long-name-of-a-cluster',
    '  ! 1 of 3 nodes run Windows',
    '    → leave them',
    '  ✗ The cluster has no CSI driver',
    '    csi.tigera.io, which is needed',
    '    → apply the manifest of the driver',
    '',
    '1 thing is missing; see to what is marked ✗, then: npm run x',
    '',
  ]);
});

test('the last line counts what is missing, or says that it is fit, and what comes next', () => {
  const last = (all: Group[]) => renderScreen(all, plain).trimEnd().split('\n').at(-1);
  expect(missingIn([...groups, ...groups])).toBe(2);
  expect(last([...groups, ...groups])).toMatch(/^2 things are missing; .+, then: npm run x$/);
  expect(last(groups.slice(0, 1))).toBe('fit, next: npm run x');
});

test('colours add nothing that is not there without them', () => {
  const painted = renderScreen(groups, { ...plain, paint: (colour, text) => `<${colour}>${text}</>` });
  expect(painted.replaceAll(/<\w+>|<\/>/g, '')).toBe(renderScreen(groups, plain));
  expect(painted).toContain('  <red>✗</> The cluster has no CSI driver');
});

test('what a server says cannot steer the terminal', () => {
  const [group] = [{ title: 'x', looked: looked(fits('a\u001b[2J\n\u0007b')) }];
  expect(renderScreen([group], plain)).toContain('  ✓ a b\n');
});

test('a word that is longer than a line has one of its own', () => {
  expect(wrapped('see https://kind.sigs.k8s.io/docs for it', 12)).toEqual([
    'see',
    'https://kind.sigs.k8s.io/docs',
    'for it',
  ]);
});
