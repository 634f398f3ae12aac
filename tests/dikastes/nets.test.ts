import { expect, test } from '@playwright/test';
import { canonicalNet, withoutCovered } from '../../fixtures/dikastes/translate/nets.ts';

const forms: [text: string, canonical: string | undefined][] = [
  ['10.1.2.3', '10.1.2.3/32'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.1.2.3/0', '0.0.0.0/0'],
  ['2001:DB8:0::1', '2001:db8::1/128'],
  ['fd00:1:2:3::9/17', 'fd00::/17'],
  ['::/0', '::/0'],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/8/8', undefined],
  ['10.0.0.0/x', undefined],
  ['ten', undefined],
  ['', undefined],
];

for (const [text, canonical] of forms) {
  test(`${JSON.stringify(text)} is ${canonical ?? 'no net'}`, () => {
    expect(canonicalNet(text)).toBe(canonical);
  });
}

test('nets within others are left out', () => {
  const nets = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '11.0.0.0/8', 'fd00::/8', 'fd00::1/128', '::/1'];
  expect(withoutCovered(nets)).toEqual(['10.0.0.0/8', '11.0.0.0/8', 'fd00::/8', '::/1']);
});
