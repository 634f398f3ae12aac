import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Options } from './options.ts';

/** npm runs a script in the project's folder, but a person names files from where they stand. */
export function withWholePaths<T extends Partial<Options>>(options: T): T {
  const from = process.env.INIT_CWD ?? process.cwd();
  const whole = { ...options };
  for (const name of [
    'kubeconfig',
    'boutique',
    'browser',
    'output',
    'dikastes',
    'envoy',
    'bundle',
  ] as const) {
    const path = options[name];
    if (path !== undefined) whole[name] = resolve(from, path);
  }
  // A name that is no file's is the id of a run.
  if (options.resume !== undefined && existsSync(resolve(from, options.resume))) {
    whole.resume = resolve(from, options.resume);
  }
  // A bare name is looked up on PATH.
  for (const name of ['istioctl', 'kind'] as const) {
    if (options[name]?.includes('/')) whole[name] = resolve(from, options[name]);
  }
  return whole;
}
