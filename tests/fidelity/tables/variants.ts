import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A policy that was tried, and what requests through the gateway got then. */
export interface VariantRow {
  /** What the policy was, in the words of the recording. */
  title: string;
  answers: { method: string; target: string; status: number }[];
}

const recorded = join(import.meta.dirname, '..', 'recorded');

/** Lines such as `methods [get]: GET / 403/0.002s GET /cart 403/0.002s`. */
export function readPolicyVariants(): VariantRow[] {
  return rowsOf('policy-variants.txt', /^(?<title>[^#].*?): (?=GET \/ )/, / (\d{3})\/[\d.]+s/g);
}

/** Lines such as `# deny(20)+allow(10): GET / -> code=200 t=0.01; GET /cart -> code=403 t=0.002`. */
export function readOrderVariants(): VariantRow[] {
  return rowsOf('order-variants.txt', /^# (?<title>.*?): (?=GET \/ )/, / -> code=(\d{3}) t=[\d.]+;?/g);
}

function rowsOf(file: string, head: RegExp, code: RegExp): VariantRow[] {
  return readFileSync(join(recorded, file), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const found = head.exec(line);
      if (found === null) return [];
      const text = line.slice(found[0].length).replaceAll(code, ' $1\n');
      const answers = [...text.matchAll(/([A-Z]+) (\S+) (\d{3})\n/g)].map(
        ([, method = '', target = '', status]) => ({
          method,
          target,
          status: Number(status),
        }),
      );
      return [{ title: found.groups!.title!, answers }];
    });
}
