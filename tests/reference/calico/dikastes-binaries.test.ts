import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { deviationsOf } from '../../../reference/deviations/index.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { overlay } from '../../../reference/rules/rules.ts';
import { codes, verdicts } from '../../fidelity/dikastes-binaries.ts';
import { allow, policy, statusAtFrontend } from './world.ts';

const selector = "app == 'frontend'";
const denial = policy({ order: 20, selector, types: ['Ingress'] }, { name: 'frontend-deny' });
const paths = [{ exact: '/' }, { prefix: '/static' }, { prefix: '/product' }];
const homepage = policy(
  { order: 10, selector, ingress: [allow({ http: { methods: ['GET'], paths } })] },
  { name: 'frontend-allow-homepage' },
);
const scenarios: Record<string, KubeObject[]> = { none: [], deny: [denial], both: [denial, homepage] };

const releases = Object.keys(verdicts[0]?.codes ?? {});

test('four releases were recorded', () => {
  expect(releases).toEqual(['v3.24.1', 'v3.29.7', 'v3.31.7', 'v3.32.1']);
  expect(verdicts).toHaveLength(78);
});

for (const release of releases) {
  const rules = overlay(calicoRules, ...deviationsOf(release).map(({ rules }) => rules));
  for (const [scenario, objects] of Object.entries(scenarios)) {
    test(`with the deviations of ${release}, scenario ${scenario}, as its Dikastes answered`, () => {
      const asked = verdicts.filter((verdict) => verdict.scenario === scenario);
      const answers = asked.map(({ method, path }) => {
        const status = statusAtFrontend(objects, { method, path }, rules);
        return { method, path, code: codes[status] };
      });
      expect(answers).toEqual(
        asked.map((verdict) => ({
          method: verdict.method,
          path: verdict.path,
          code: verdict.codes[release],
        })),
      );
    });
  }
}
