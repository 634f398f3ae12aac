import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runbook } from '../../scripts/runbook/index.ts';
import { loadCatalogue } from '../../specs/catalogue.ts';
import { type Listed, listSpecs } from './listing.ts';

// The specs are listed once, by a process of its own, on a machine that may be busy.
test.describe.configure({ mode: 'default', timeout: 120_000 });

const catalogue = loadCatalogue();
let listed: Listed[] = [];
let onDikastes: Listed[] = [];

test.beforeAll(() => {
  listed = listSpecs();
  onDikastes = listSpecs('scripts/lib/sweep/playwright.config.ts');
});

test('every requirement is proven by a spec, and those of a later profile by none yet', () => {
  const proven = new Set(listed.flatMap(({ requirements }) => requirements));
  const isLater = new Set(catalogue.filter(({ profile }) => profile !== undefined).map(({ id }) => id));
  const odd = catalogue.map(({ id }) => id).filter((id) => proven.has(id) === isLater.has(id));
  expect(
    odd.map((id) => `${id} ${isLater.has(id) ? 'is of a later profile and has a spec' : 'has no spec'}`),
  ).toEqual([]);
});

test('every requirement that is proven on Dikastes alone has a spec that runs there', () => {
  const proven = new Set(onDikastes.flatMap(({ requirements }) => requirements));
  const promised = catalogue.filter(
    ({ bench, profile }) => bench.includes('dikastes') && profile === undefined,
  );
  expect(promised.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
});

test('every test proves one requirement of the catalogue, or is of the runbook', () => {
  const known = new Set(catalogue.map(({ id }) => id));
  const others = listed
    .filter(({ requirements }) => requirements.length !== 1 || !known.has(requirements[0] as string))
    .filter(({ tags }) => !tags.includes('runbook'));
  expect(others.map(({ file, title }) => `${file}: ${title}`)).toEqual([]);
});

test('every test of a requirement is found by its id and level, the way the verb selects it', () => {
  for (const { id, level, hazard } of catalogue) {
    const own = listed.filter(({ requirements }) => requirements.includes(id));
    const expected = [id, level, ...(hazard ? ['hazard'] : [])];
    for (const { title, tags } of own) expect(tags, title).toEqual(expected);
    const found = listed.filter(({ tags }) => tags.some((tag) => new RegExp(`@${id}\\b`).test(`@${tag}`)));
    expect(found, `what --grep @${id} finds`).toEqual(own);
  }
});

test('a hazard is looked for by one test, as two could not agree on whether it is there', () => {
  const tests = (id: string) => listed.filter(({ requirements }) => requirements.includes(id)).length;
  const odd = catalogue.filter(({ id, hazard }) => hazard === true && tests(id) > 1);
  expect(odd.map(({ id }) => id)).toEqual([]);
});

test('no two tests of one project have the same title', () => {
  const titles = listed.map(({ project, title }) => `${project}: ${title}`);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('every step of the runbook is taken once, in order', () => {
  const steps = new Set(runbook.map(({ title }) => title));
  const taken = listed.filter(({ project, title }) => project === 'runbook' && steps.has(title));
  expect(taken.map(({ title }) => title)).toEqual(runbook.map(({ title }) => title));
});

test('every spec file belongs to exactly one project', () => {
  const files = globSync('**/*.spec.ts', { cwd: join(import.meta.dirname, '..', '..', 'specs') });
  const projects = (file: string) => [
    ...new Set(listed.filter((one) => one.file === file).map(({ project }) => project)),
  ];
  const odd = files.map((file) => [file, projects(file)] as const).filter(([, own]) => own.length !== 1);
  expect(odd).toEqual([]);
});
