import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const { readDoctorOptions } = await import('./doctor/options.ts');
  const options = readDoctorOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  const { doctor } = await import('./doctor/doctor.ts');
  return doctor(options, signal);
});
