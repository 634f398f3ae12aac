import { type PathRow, readPathTable } from '../../fidelity/tables/paths.ts';

/** Every recorded answer of the front end to what came through the gateway; those of the gateway itself are left out. */
export function recordedAnswers(): PathRow[] {
  return readPathTable('no-policy.paths.md').filter(({ own }) => !own);
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
