import { verb } from './lib/verb.ts';

await verb(async () => {
  const { lanes } = await import('./lanes/command.ts');
  const { text, status } = await lanes(process.argv.slice(2));
  process.stdout.write(text);
  return status;
});
