import { expect, test } from '@playwright/test';
import { promisesOf } from '../../fixtures/oracle/decide.ts';
import { normalPath } from '../../fixtures/oracle/path.ts';
import type { PathMatch } from '../../fixtures/oracle/policy.ts';
import type { PathVerdict } from '../../fixtures/oracle/promise.ts';

const normal: [target: string, path: string | undefined][] = [
  ['/', '/'],
  ['/pub', '/pub'],
  ['/pub/', '/pub'],
  ['//pub///a', '/pub/a'],
  ['/pub/./a/../b', '/pub/b'],
  ['/../..', '/'],
  ['/pub/...', '/pub/...'],
  ['/p%75b', '/pub'],
  ['/pub%2Fa', '/pub/a'],
  ['/pub%2f..%2Fcart', '/cart'],
  ['/pub\\..\\cart', '/cart'],
  ['/pub%5c..%5Ccart', '/cart'],
  ['/pub;v=1/a;w', '/pub/a'],
  ['/pub/..;x/cart', '/cart'],
  ['/pub%3Bx/a', '/pub/a'],
  ['/;x', '/'],
  ['/pub?a=/../b#c', '/pub'],
  ['/pub#c?d', '/pub'],
  ['/pub%3Fa', '/pub?a'],
  ['/PUB', '/PUB'],
  ['/a+b', '/a+b'],
  ['/%2525', '/%25'],
  ['/é', Buffer.from('/é').toString('latin1')],
  ['/%C3%a9', Buffer.from('/é').toString('latin1')],
  ['/%ff', '/\u00ff'],
  ['/pub/%252e%252e/cart', undefined],
  ['/pub%252Fcart', undefined],
  ['/pub%255ccart', undefined],
  ['/pub%', undefined],
  ['/pub%2', undefined],
  ['/pub%zz', undefined],
  ['/pub%00/../cart', undefined],
  ['', undefined],
  ['*', undefined],
  ['pub', undefined],
  ['?', undefined],
];

for (const [target, path] of normal) {
  test(`the path of ${JSON.stringify(target)}`, () => {
    expect(normalPath(target)).toBe(path);
  });
}

const exact = (path: string): PathMatch => ({ exact: path });
const prefix = (path: string): PathMatch => ({ prefix: path });

/** What was promised before 3.31.6, and what is from then on. */
const rows: [match: PathMatch, target: string, before: PathVerdict, now: PathVerdict][] = [
  [exact('/pub'), '/pub', true, true],
  [exact('/pub'), '/pub?x=1', true, true],
  [exact('/pub'), '/pub#x', true, true],
  [exact('/pub'), '/pub/', false, true],
  [exact('/pub/'), '/pub', false, true],
  [exact('/pub'), '//pub', false, true],
  [exact('/pub'), '/%70ub', false, true],
  [exact('/%70ub'), '/%70ub', true, true],
  [exact('/pub'), '/PUB', false, false],
  [exact('/pub'), '/pub/a', false, false],
  [prefix('/pub'), '/pub', true, true],
  [prefix('/pub'), '/pub/a', true, true],
  [prefix('/pub'), '/public', true, false],
  [prefix('/pub/'), '/pub', false, true],
  [prefix('/pub/'), '/pub/a', true, true],
  [prefix('/pub'), '/pub/../cart', true, false],
  [prefix('/pub'), '/pub%2F..%2Fcart', true, false],
  [prefix('/pub'), '/pub%252Fcart', true, false],
  [prefix('/'), '/anything', true, true],
  [prefix('/'), '/%', true, false],
  [prefix('/pub'), '', 'invalid', 'invalid'],
  [prefix('/'), '*', 'invalid', 'invalid'],
  [prefix('/'), 'http://echo/pub', 'invalid', 'invalid'],
  [prefix('/'), '%2Fpub', 'invalid', 'invalid'],
  [prefix('/pub%'), '/pub%', true, false],
];

for (const [match, target, before, now] of rows) {
  test(`${JSON.stringify(match)} and ${JSON.stringify(target)}`, () => {
    expect(promisesOf('v3.31.5').isListedPath([match], target)).toBe(before);
    expect(promisesOf('v3.31.6').isListedPath([match], target)).toBe(now);
  });
}

test('a rule without paths takes every target, also one that is none', () => {
  for (const release of ['v3.24.1', 'v3.32.1']) {
    expect(promisesOf(release).isListedPath([], '')).toBe(true);
  }
});

test('one of several paths is enough', () => {
  expect(promisesOf('v3.32.1').isListedPath([exact('/a'), prefix('/b')], '/b/c')).toBe(true);
});
