import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const { readSweepOptions } = await import('./lib/sweep/options.ts');
  const about = 'Proves policy requirements on Dikastes alone, for one release of Calico after the other.';
  const options = readSweepOptions('sweep', about, process.argv.slice(2), { one: false });
  if (options === undefined) return 0;
  const { sweep } = await import('./lib/sweep/sweep.ts');
  return sweep(options, signal);
});
