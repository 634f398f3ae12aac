import { verb } from './lib/verb.ts';

await verb(async (signal) => {
  const { readBundleOptions } = await import('./bundle/options.ts');
  const options = readBundleOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  const { makeBundle } = await import('./bundle/make-bundle.ts');
  const tell = (line: string) => process.stderr.write(`  ${line}\n`);
  const { lane, images } = await makeBundle({ ...options, tell, signal });
  process.stdout.write(
    `The bundle of ${lane.name} with ${images.length + 1} images is in ${options.output}. What takes it: npm run conformance -- --target kind --lane ${lane.name} --bundle ${options.output}\n`,
  );
  return 0;
});
