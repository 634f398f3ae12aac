import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from './lib/pinned.ts';
import { verb } from './lib/verb.ts';

// The suite's own tests; arguments go to Playwright.
await verb(async () => {
  const cli = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');
  const { exitCode } = await execa(
    process.execPath,
    [cli, 'test', '-c', join(projectRoot, 'tests', 'playwright.config.ts'), ...process.argv.slice(2)],
    { cwd: projectRoot, stdio: 'inherit', reject: false },
  );
  return exitCode ?? 3;
});
