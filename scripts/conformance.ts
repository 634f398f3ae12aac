import { conform } from './lib/conform.ts';
import { listRequirements } from './lib/list.ts';
import { readOptions } from './lib/options.ts';
import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  if (options.list) return listRequirements(options);
  return conform(options, signal);
});
