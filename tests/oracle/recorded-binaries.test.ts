import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { conductOf, requestJudge } from '../../fixtures/oracle/decide.ts';
import { tutorialPolicies } from '../../fixtures/policies/tutorial.ts';
import { namespace, pod } from '../../fixtures/policy-case/objects.ts';

interface Verdict {
  scenario: 'none' | 'deny' | 'both';
  method: string;
  path: string;
  codes: Record<string, number>;
}

const file = join(import.meta.dirname, '..', 'fidelity', 'recorded', 'dikastes-binaries.json');
const { verdicts } = JSON.parse(readFileSync(file, 'utf8')) as { verdicts: Verdict[] };

const { 'frontend-deny': deny, 'frontend-allow-homepage': allow } = tutorialPolicies;
const scenarios = { none: [], deny: [deny], both: [deny, allow] };
const status: Record<number, string> = {
  0: 'OK',
  2: 'UNKNOWN',
  3: 'INVALID_ARGUMENT',
  7: 'PERMISSION_DENIED',
};

for (const release of ['v3.24.1', 'v3.29.7', 'v3.31.7', 'v3.32.1']) {
  test(`${release} decided on the tutorial's policies as expected`, () => {
    expect(verdicts.length).toBeGreaterThan(50);
    for (const { scenario, method, path, codes } of verdicts) {
      const objects = [
        namespace('default'),
        pod('default', 'frontend', { labels: { app: 'frontend' }, addresses: ['10.0.0.2'] }),
        ...scenarios[scenario],
      ];
      const judge = requestJudge(objects, { namespace: 'default', name: 'frontend' }, conductOf(release));
      const answer = judge({
        source: { address: '10.0.0.3', port: 40000, principal: '' },
        destination: { address: '10.0.0.2', port: 8080 },
        http: { method, path },
      });
      expect.soft(answer, `${scenario}: ${method} ${path}`).toBe(status[codes[release]!]);
    }
  });
}
