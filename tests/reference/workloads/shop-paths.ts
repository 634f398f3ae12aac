import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the real front end answered to one request that came through the gateway. */
export interface RecordedAnswer {
  method: string;
  /** As it was sent to the gateway. */
  target: string;
  status: number;
  location: string | undefined;
  page: string | undefined;
}

const file = join(import.meta.dirname, '..', '..', 'fidelity', 'recorded', 'no-policy.paths.md');

/** Every recorded answer of the front end; those of the gateway itself are left out. */
export function recordedAnswers(): RecordedAnswer[] {
  const [head = [], ...rows] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return rows.flatMap(([target = '', ...cells]) =>
    cells.flatMap((cell, index): RecordedAnswer[] => {
      const parts = /^(\d+)(?:\[(\w+)\])?(?:>(\S+))? \d+B$/.exec(cell);
      if (parts === null) return [];
      const method = head[index + 1] ?? '';
      return [
        { method, target: target.slice(1, -1), status: Number(parts[1]), page: parts[2], location: parts[3] },
      ];
    }),
  );
}

/** What a gateway makes of a target before it sends it on, where that isn't the target itself. */
export const afterGateway: Record<string, string> = {
  '/static/../cart': '/cart',
  '/static/%2e%2e/cart': '/cart',
  '/static/%2E%2E/cart': '/cart',
  '/static/..;/cart': '/cart',
  '/static//../cart': '/static/cart',
  '/static/../../cart': '/cart',
  '/static\\..\\cart': '/cart',
  '/static/./styles/styles.css': '/static/styles/styles.css',
  '/product/../cart': '/cart',
  '/product/%2e%2e/cart': '/cart',
  '/./': '/',
  '/#frag': '/',
  '/cart/../': '/',
  '/cart/..': '/',
  '/cart/%2e%2e/': '/',
  'http://x/static/../cart': '/cart',
};
