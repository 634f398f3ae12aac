import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';

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
