import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

/** Where released versions are known to break a promise (`specs/deviations.yaml`). */
export function loadDeviations() {
  const groups = parse(readFileSync(join(import.meta.dirname, 'deviations.yaml'), 'utf8')) as unknown;
  const grouped = z
    .array(
      z.strictObject({
        requirements: z.array(z.string()).nonempty(),
        product: z.enum(['calico', 'istio', 'kubernetes']),
        versions: z.string(),
        link: z.url(),
        summary: z.string(),
      }),
    )
    .parse(groups);
  return grouped.flatMap(({ requirements, ...rest }) =>
    requirements.map((requirement) => ({ requirement, ...rest })),
  );
}
