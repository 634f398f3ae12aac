import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const { readSweepOptions } = await import('./lib/sweep/options.ts');
  const about =
    'Finds the release of Calico that began to break a requirement, and the one that kept it again.';
  const options = readSweepOptions('bisect', about, process.argv.slice(2), { one: true });
  if (options === undefined) return 0;
  const { bisect } = await import('./lib/sweep/bisect.ts');
  return bisect(options, signal);
});
