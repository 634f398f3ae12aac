import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readHandEdited } from '../fixtures/hand-edited.ts';
import { verdictNames } from '../fixtures/verdicts/verdict.ts';
import { calicoApis } from './catalogue.ts';

const group = z.strictObject({
  requirements: z.array(z.string()).nonempty(),
  product: z.enum(['calico', 'istio', 'kubernetes']),
  versions: z.string(),
  /** Only where Calico's API is served this way; either way unless said. */
  api: z.enum(calicoApis).exactOptional(),
  /** By what it is known: every probe that comes out wrong must be one of these, or it is something else. */
  signs: z
    .array(
      z.strictObject({
        probe: z.string().exactOptional(),
        expected: z.enum(verdictNames).exactOptional(),
        seen: z.enum([...verdictNames, 'accepted']),
      }),
    )
    .nonempty(),
  link: z.url(),
  summary: z.string(),
});

/**
 * Where released versions are known to break a promise (`specs/deviations.yaml`), an entry a requirement.
 *
 * @throws UsageError when the file makes no sense, naming the places.
 */
export function loadDeviations() {
  const text = readFileSync(join(import.meta.dirname, 'deviations.yaml'), 'utf8');
  const groups = readHandEdited('deviations.yaml', text, z.array(group));
  return groups.flatMap(({ requirements, ...rest }) =>
    requirements.map((requirement) => ({ requirement, ...rest })),
  );
}
