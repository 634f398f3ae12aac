import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { tutorialPolicies } from '../../fixtures/policies/tutorial.ts';
import type { CheckStatus } from '../../reference/calico/check.ts';
import { checkRequest } from '../../reference/calico/l7.ts';
import { ViewBuilder } from '../../reference/calico/view.ts';
import type { CalicoRules } from '../../reference/rules/calico.ts';
import { resourceTypes } from '../../reference/store/resource-types.ts';
import { Store } from '../../reference/store/store.ts';
import type { Difference } from './replay.ts';

interface Verdict {
  scenario: 'none' | 'deny' | 'both';
  method: string;
  path: string;
  /** By release, the code of `google.rpc.Code` that its binary answered with. */
  codes: Record<string, number>;
}

const file = join(import.meta.dirname, 'recorded', 'dikastes-binaries.json');

export const { verdicts } = JSON.parse(readFileSync(file, 'utf8')) as { verdicts: Verdict[] };

/** `google.rpc.Code`. */
export const codes: Record<CheckStatus, number> = {
  OK: 0,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  PERMISSION_DENIED: 7,
  INTERNAL: 13,
  UNAVAILABLE: 14,
};

const policies: Record<Verdict['scenario'], KubeObject[]> = {
  none: [],
  deny: [tutorialPolicies['frontend-deny']],
  both: [tutorialPolicies['frontend-deny'], tutorialPolicies['frontend-allow-homepage']],
};

const frontend: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'frontend', namespace: 'default', labels: { app: 'frontend' } },
  spec: { serviceAccountName: 'default', containers: [{ name: 'server', image: 'frontend' }] },
  status: { phase: 'Running', podIP: '10.0.0.1' },
};

/** Asks the evaluator what was asked of the binaries of one release, and compares the answers. */
export function replayBinaries(release: string, rules: CalicoRules): Difference[] {
  const views = new Map(
    Object.entries(policies).map(([scenario, objects]) => {
      const store = new Store(resourceTypes);
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } };
      for (const object of [namespace, frontend, ...objects]) store.create(object);
      return [scenario, new ViewBuilder(rules).build((key) => store.list(key))];
    }),
  );
  return verdicts.flatMap(({ scenario, method, path, codes: recorded }) => {
    const request = {
      source: { address: '10.0.9.1', port: 40_000, principal: '' },
      destination: { address: '10.0.0.1', port: 8080 },
      http: { method, path },
    };
    const code = codes[checkRequest(views.get(scenario)!, 'default/frontend', request, rules)];
    const where = `Dikastes ${release}: ${scenario}: ${method} ${path}`;
    return code === recorded[release] ? [] : [{ where, what: `code ${code}, recorded ${recorded[release]}` }];
  });
}
