import { listRequirements } from './lib/list.ts';
import { readOptions } from './lib/options.ts';
import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  if (options.list) return listRequirements(options);
  // What a run needs takes a second to load, which help, lists and wrong usage shall not.
  const { target } = options;
  if (target === 'dikastes') {
    const { conformOnDikastes } = await import('./lib/conform-dikastes.ts');
    return conformOnDikastes(options, signal);
  }
  const { conform } = await import('./lib/conform.ts');
  return conform({ ...options, target }, signal);
});
