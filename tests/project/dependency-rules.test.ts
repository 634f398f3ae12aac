import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { chainTo, importGraph } from './import-graph.ts';

const root = join(import.meta.dirname, '..', '..');

/** What the project's linter says of files with this content, by place. */
function lint(folder: string, places: readonly string[], content: string): Map<string, string[]> {
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  for (const place of places) {
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), content);
  }
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules', '.bin', 'biome'),
    ['lint', '--reporter=github', '.'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('noRestrictedImports'));
  return new Map(places.map((place) => [place, lines.filter((line) => line.includes(`/${place},`))]));
}

test('nothing in specs, fixtures or reports imports the reference mesh', ({}, info) => {
  const forbidden = ['specs/area/some.ts', 'fixtures/area/some.ts', 'reports/area/some.ts'];
  const allowed = ['tests/area/some.ts', 'scripts/area/some.ts'];
  const content = "import { mesh } from '../../reference/mesh.ts';\nmesh();\n";
  const said = lint(info.outputPath(), [...forbidden, ...allowed], content);
  for (const place of forbidden) expect(said.get(place), place).toHaveLength(1);
  for (const place of allowed) expect(said.get(place), place).toHaveLength(0);
});

test('the reference mesh never imports the oracle', ({}, info) => {
  const content = "import { decide } from '../fixtures/oracle/decide.ts';\ndecide();\n";
  const said = lint(info.outputPath(), ['reference/some.ts', 'specs/some.ts'], content);
  expect(said.get('reference/some.ts')).toHaveLength(1);
  expect(said.get('specs/some.ts')).toHaveLength(0);
});

/** All TypeScript of some folders, as `git` and everybody else sees it. */
function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
}

const rules = [
  { from: ['specs', 'fixtures', 'reports'], never: 'reference/' },
  { from: ['reference'], never: 'fixtures/oracle/' },
];

for (const { from, never } of rules) {
  test(`nothing of ${from.join(', ')} loads ${never} by way of other files`, async () => {
    const graph = await importGraph(root, filesIn(...from));
    const reached = [...graph.importers.keys()].filter((file) => file.startsWith(never));
    expect(reached.map((file) => chainTo(file, graph))).toEqual([]);
    expect(graph.unclear, 'imports that nobody can follow').toEqual([]);
  });
}

test('an import is found behind others, and one of types alone is none', async ({}, info) => {
  const files = {
    'specs/some.ts':
      "import { between } from '../scripts/between.ts';\nimport type { T } from './types.ts';\n",
    'scripts/between.ts': "export const between = () => import('../reference/mesh.ts');\n",
    'reference/mesh.ts': "export * from './rules.ts';\nawait import('./' + process.argv[2]);\n",
    'reference/rules.ts': 'export const rules = import.meta.dirname;\n',
    'specs/types.ts': 'export type T = string;\n',
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(info.outputPath(file)), { recursive: true });
    writeFileSync(info.outputPath(file), content);
  }
  const graph = await importGraph(info.outputPath(), ['specs/some.ts']);
  expect(chainTo('reference/rules.ts', graph)).toBe(
    'specs/some.ts > scripts/between.ts > reference/mesh.ts > reference/rules.ts',
  );
  expect([...graph.importers.keys()]).not.toContain('specs/types.ts');
  expect(graph.unclear).toEqual(["reference/mesh.ts: import('./' + process.argv[2])"]);
});
