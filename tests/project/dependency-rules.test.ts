import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const root = join(import.meta.dirname, '..', '..');

/** What the linter says of a file of this content at this place. */
function lint(path: string, content: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  try {
    return execFileSync(biome, ['lint', `--stdin-file-path=${path}`], {
      cwd: root,
      input: content,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

const rule = 'noRestrictedImports';

for (const folder of ['specs', 'fixtures', 'reports']) {
  test(`nothing in ${folder} imports the reference mesh`, () => {
    const content = "import { mesh } from '../../reference/mesh.ts';\nmesh();\n";
    expect(lint(`${folder}/area/some.ts`, content)).toContain(rule);
    expect(lint('tests/area/some.ts', content)).not.toContain(rule);
  });
}

test('the reference mesh never imports the oracle', () => {
  const content = "import { decide } from '../fixtures/oracle/decide.ts';\ndecide();\n";
  expect(lint('reference/some.ts', content)).toContain(rule);
  expect(lint('specs/some.ts', content)).not.toContain(rule);
});
