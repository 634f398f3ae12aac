import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', 'recorded', 'api-validation-native-crds.txt');

/** What kubectl printed for each policy that it gave to the API in a dry run, by what was odd about the policy. */
export function readDryRuns(): Map<string, string> {
  const [, ...sections] = readFileSync(file, 'utf8').split(/^# /m);
  return new Map(
    sections.map((section) => {
      const [title = '', ...printed] = section.split('\n');
      return [title, printed.join('\n').trim()];
    }),
  );
}
