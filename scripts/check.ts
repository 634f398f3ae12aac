import { join } from 'node:path';
import { execa } from 'execa';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';

// Types, style, lint and the two dependency rules (which are lint rules, see biome.json).
await verb(async () => {
  const tool = (name: string) => join(projectRoot, 'node_modules', '.bin', name);
  const options = { cwd: projectRoot, stdio: 'inherit', reject: false } as const;
  const types = await execa(tool('tsc'), ['-p', '.'], options);
  const style = await execa(tool('biome'), ['check', '--error-on-warnings', '.'], options);
  return types.exitCode === 0 && style.exitCode === 0 ? 0 : 1;
});
