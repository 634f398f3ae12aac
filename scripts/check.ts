import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { parseCommandLine } from './lib/command-line.ts';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';

await verb(async () => {
  // The dependency rules are lint rules, see biome.json.
  const program = new Command('npm run check').description(
    'Checks types, style and the two dependency rules, and changes nothing.',
  );
  if (!parseCommandLine(program, process.argv.slice(2))) return 0;
  const tool = (name: string) => join(projectRoot, 'node_modules', '.bin', name);
  const options = { cwd: projectRoot, stdio: 'inherit', reject: false } as const;
  const types = await execa(tool('tsc'), ['-p', '.'], options);
  const style = await execa(tool('biome'), ['check', '--error-on-warnings', '.'], options);
  return types.exitCode === 0 && style.exitCode === 0 ? 0 : 1;
});
