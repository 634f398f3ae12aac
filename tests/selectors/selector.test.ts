import { expect, test } from '@playwright/test';
import type { Labels } from '../../fixtures/selectors/expression.ts';
import { parseSelector, SelectorError } from '../../fixtures/selectors/selector.ts';

const labels: Labels = {
  app: 'front-end',
  tier: 'web',
  'app.kubernetes.io/name': 'shop',
  'projectcalico.org/name': 'alp-1',
  empty: '',
  quote: `it's`,
  in: 'odd',
};

/** Whether each selects the labels above. */
const table: [selector: string, selects: boolean][] = [
  ['', true],
  ['  \t ', true],
  ['all()', true],
  ['all( )', true],
  ['global()', true],
  ['!all()', false],

  [`app == 'front-end'`, true],
  [`app == "front-end"`, true],
  [`app=='front-end'`, true],
  [`  app\t==  'front-end'  `, true],
  [`app == 'front'`, false],
  [`app == 'Front-end'`, false],
  [`absent == ''`, false],
  [`empty == ''`, true],
  [`quote == "it's"`, true],
  [`app.kubernetes.io/name == 'shop'`, true],
  [`projectcalico.org/name == 'alp-1'`, true],
  // Names that every JavaScript object has are no labels.
  [`has(constructor)`, false],
  [`toString != 'x'`, true],

  [`app != 'back-end'`, true],
  [`app != 'front-end'`, false],
  [`absent != 'front-end'`, true],

  [`app in {'front-end', 'back-end'}`, true],
  [`app in { "front-end" }`, true],
  [`app in{'front-end','x',}`, true],
  [`app in {'back-end'}`, false],
  [`app in {}`, false],
  [`absent in {'front-end', ''}`, false],
  [`in in {'odd'}`, true],
  [`app not in {'back-end'}`, true],
  [`app not in {'front-end'}`, false],
  [`app notin {'front-end'}`, false],
  [`app not in {}`, true],
  [`absent not in {'front-end'}`, true],

  ['has(app)', true],
  ['has( app )', true],
  ['has(empty)', true],
  ['has(absent)', false],
  ['!has(app)', false],
  ['!has(absent)', true],
  ['! has(absent)', true],
  ['!!has(app)', true],

  [`app contains 'nt-e'`, true],
  [`app contains 'back'`, false],
  [`absent contains ''`, false],
  [`app starts with 'front'`, true],
  [`app starts  with 'end'`, false],
  [`absent starts with ''`, false],
  [`app ends with 'end'`, true],
  [`app endswith 'front'`, false],
  [`absent ends with ''`, false],

  [`has(app) && has(tier)`, true],
  [`has(app) && has(absent)`, false],
  [`has(absent) || has(tier)`, true],
  [`has(absent)||has(nothing)`, false],
  [`has(app) || has(absent) && has(absent)`, true],
  [`(has(app) || has(absent)) && has(absent)`, false],
  [`!has(absent) && has(app)`, true],
  [`!has(app) || has(tier)`, true],
  [`!(has(app) || has(tier))`, false],
  [`!app == 'front-end'`, false],
  [`((app == 'front-end'))`, true],
  [`app == 'front-end' && tier in {'web'} && !has(absent) || has(absent)`, true],
];

for (const [selector, selects] of table) {
  test(`${JSON.stringify(selector)} ${selects ? 'selects' : 'does not select'}`, () => {
    expect(parseSelector(selector).matches(labels)).toBe(selects);
  });
}

/** Texts that Calico does not take, and where reading them stops. */
const wrong: [text: string, position: number][] = [
  [`app = 'x'`, 4],
  [`app == x`, 7],
  [`app == 'x`, 7],
  [`app == 'x' &`, 11],
  [`app == 'x' &&`, 13],
  [`app == 'x' tier == 'web'`, 11],
  [`app`, 3],
  [`(has(app)`, 9],
  [`has(app))`, 8],
  [`has()`, 4],
  [`has (app)`, 4],
  [`all(app)`, 4],
  [`app in 'x'`, 7],
  [`app in {x}`, 8],
  [`app in {'a' 'b'}`, 12],
  [`app starts 'x'`, 11],
  [`!= 'x'`, 0],
  [`app == 'x'\n&& has(tier)`, 10],
  [`ap:p == 'x'`, 2],
];

for (const [text, position] of wrong) {
  test(`${JSON.stringify(text)} is no selector`, () => {
    let thrown: unknown;
    try {
      parseSelector(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SelectorError);
    expect((thrown as SelectorError).position).toBe(position);
    expect((thrown as SelectorError).message).toContain(`position ${position}`);
  });
}

test('only global() itself is global', () => {
  expect(parseSelector(' global() ').global).toBe(true);
  expect(parseSelector(`global() || has(app)`).global).toBe(false);
  expect(parseSelector('').global).toBe(false);
});

test('a selector keeps its text', () => {
  expect(parseSelector(` app=="x"`).text).toBe(` app=="x"`);
});
