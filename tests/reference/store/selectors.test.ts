import { expect, test } from '@playwright/test';
import { matchesFields, matchesLabelSelector, matchesLabels } from '../../../reference/store/selectors.ts';
import { pod, refusal } from './objects.ts';

const labels = { app: 'web', 'example.com/tier': 'front', version: '3' };

const strings: [selector: string, matches: boolean][] = [
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app = web', true],
  ['app=db', false],
  ['app!=db', true],
  ['app!=web', false],
  ['other!=x', true],
  ['app', true],
  ['other', false],
  ['!other', true],
  ['!app', false],
  ['example.com/tier in (front, back)', true],
  ['example.com/tier in (back)', false],
  ['app notin (db,cache)', true],
  ['app notin (web)', false],
  ['app in (db,web),version=3,!canary', true],
  ['app in (db,web),version=4', false],
  ['version>2', true],
  ['version<3', false],
  ['other=', false],
];
for (const [selector, matches] of strings) {
  test(`labels and the selector ${JSON.stringify(selector)}: ${matches}`, () => {
    expect(matchesLabels(selector, labels)).toBe(matches);
  });
}

for (const selector of ['app=web,,', 'app in web', '=web', 'app=a b']) {
  test(`the selector ${JSON.stringify(selector)} cannot be read`, () => {
    expect(refusal(() => matchesLabels(selector, labels))).toMatchObject({ code: 400, reason: 'BadRequest' });
  });
}

const objects: [selector: Parameters<typeof matchesLabelSelector>[0], matches: boolean][] = [
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', version: '4' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] }, true],
];
for (const [selector, matches] of objects) {
  test(`labels and the LabelSelector ${JSON.stringify(selector)}: ${matches}`, () => {
    expect(matchesLabelSelector(selector, labels)).toBe(matches);
  });
}

const fields: [selector: string, matches: boolean][] = [
  ['', true],
  ['metadata.name=web', true],
  ['metadata.name==web,metadata.namespace=shop', true],
  ['metadata.name!=web', false],
  ['spec.nodeName=node-1', true],
  ['status.phase!=Running', true],
  ['spec.nodeName=node-1,metadata.name=db', false],
];
for (const [selector, matches] of fields) {
  test(`fields and the selector ${JSON.stringify(selector)}: ${matches}`, () => {
    expect(matchesFields(selector, pod({ nodeName: 'node-1' }))).toBe(matches);
  });
}

test('an unknown field cannot be selected by', () => {
  expect(refusal(() => matchesFields('spec.foo=1', pod({}))).message).toBe(
    'field label not supported: spec.foo',
  );
});
