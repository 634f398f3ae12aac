import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { PolicySpec, RuleSpec } from '../../../reference/calico/policy.ts';
import { deviationsOf } from '../../../reference/deviations/index.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { overlay } from '../../../reference/rules/rules.ts';
import { allow, deny, home, policy, statusAtFrontend } from './world.ts';

const folder = join(import.meta.dirname, '../../fidelity/recorded');
const selector = "app == 'frontend'";
const onFrontend = (spec: PolicySpec) => policy({ selector, ...spec });
const denyAll = onFrontend({ order: 20, types: ['Ingress'] });

const GET = ['GET'];
const exact = (path: string) => [{ exact: path }];
const prefix = (path: string) => [{ prefix: path }];
const from = (...names: string[]): RuleSpec =>
  allow({ source: { serviceAccounts: { names } }, http: { methods: GET } });

/** The allow rule of each line of the recording, on top of frontend-deny. */
const variants: Record<string, RuleSpec> = {
  'methods [get]': allow({ http: { methods: ['get'] } }),
  'methods [FOO]': allow({ http: { methods: ['FOO'] } }),
  'methods ["*"]': allow({ http: { methods: ['*'] } }),
  'methods [GET], no paths': allow({ http: { methods: GET } }),
  'paths only exact /': allow({ http: { paths: exact('/') } }),
  'exact / and prefix /static in ONE path entry': allow({
    http: { methods: GET, paths: [{ exact: '/', prefix: '/static' }] },
  }),
  'exact "/?x=1"': allow({ http: { methods: GET, paths: exact('/?x=1') } }),
  'exact "static" (no slash)': allow({ http: { methods: GET, paths: exact('static') } }),
  'prefix "/"': allow({ http: { methods: GET, paths: prefix('/') } }),
  'prefix "/static/"': allow({ http: { methods: GET, paths: prefix('/static/') } }),
  'prefix "/stat"': allow({ http: { methods: GET, paths: prefix('/stat') } }),
  'empty http {}': allow({ http: {} }),
  'empty path entry': allow({ http: { paths: [{}] } }),
  'empty methods list': allow({ http: { methods: [], paths: exact('/') } }),
  'Allow all, no http': allow(),
  'TCP + ports [8080] + GET': allow({
    protocol: 'TCP',
    destination: { ports: [8080] },
    http: { methods: GET },
  }),
  'TCP + ports [80] + GET': allow({ protocol: 'TCP', destination: { ports: [80] }, http: { methods: GET } }),
  'source nets 10.200.0.0/24 + GET': allow({ source: { nets: ['10.200.0.0/24'] }, http: { methods: GET } }),
  'source selector app == frontend-ish gateway + GET': allow({
    source: { selector: "app == 'istio-ingressgateway'", namespaceSelector: 'all()' },
    http: { methods: GET },
  }),
  'source serviceAccounts gateway SA + GET': from('istio-ingressgateway-service-account'),
  'source serviceAccounts default SA + GET': from('default'),
};

function objectsOf(label: string): KubeObject[] {
  if (label === 'end') return [];
  if (label === 'selector syntax error') {
    return [denyAll, onFrontend({ order: 10, selector: "app = 'frontend'", ingress: [allow()] })];
  }
  const rule = variants[label];
  if (rule === undefined) throw new Error(`no variant for ${label}`);
  return [denyAll, onFrontend({ order: 10, ingress: [rule] })];
}

const rules = {
  promised: calicoRules,
  'of v3.32.1': overlay(calicoRules, ...deviationsOf('v3.32.1').map(({ rules }) => rules)),
};

/** Whatever the application answered, Dikastes let it through. */
function seen(status: string): 'OK' | 'PERMISSION_DENIED' {
  return status === '403' ? 'PERMISSION_DENIED' : 'OK';
}

const lines = readFileSync(join(folder, 'policy-variants.txt'), 'utf8').split('\n');
const variantLines = lines.filter((line) => line !== '' && !line.startsWith('##'));

test('every variant was recorded', () => {
  const labels = variantLines.map((line) => line.split(/: (?=GET)/)[0]);
  expect(labels.toSorted()).toEqual([...Object.keys(variants), 'selector syntax error', 'end'].toSorted());
});

for (const line of variantLines) {
  const [label = '', requests = ''] = line.split(/: (?=GET)/);
  test(`recorded: ${label}`, () => {
    const asked = [...requests.matchAll(/([A-Z]+) (\S+) (\d{3})\//g)].map(([, method, path, status]) => ({
      method: method!,
      path: path!,
      status: seen(status!),
    }));
    expect(asked.length).toBeGreaterThan(0);
    for (const [which, record] of Object.entries(rules)) {
      const answers = asked.map(({ method, path }) => ({
        method,
        path,
        status: statusAtFrontend(objectsOf(label), { method, path }, record),
      }));
      expect(answers, `the rules ${which}`).toEqual(asked);
    }
  });
}

const homepage = (order: number) =>
  onFrontend({
    order,
    ingress: [allow({ http: { ...home, paths: [...home.paths, ...prefix('/static')] } })],
  });
const explicit = onFrontend({ order: 20, ingress: [deny()] });

const orders: Record<string, KubeObject[]> = {
  'deny(20)+allow(10)': [denyAll, homepage(10)],
  'deny order 20 (no rules) + allow order 30': [denyAll, homepage(30)],
  'explicit action Deny order 20 + allow order 30': [explicit, homepage(30)],
  'explicit Deny order 20 + allow order 10': [explicit, homepage(10)],
  'allow-homepage only (no frontend-deny)': [homepage(10)],
  none: [],
};

const orderLines = readFileSync(join(folder, 'order-variants.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('# '));

test('every order was recorded', () => {
  expect(orderLines.map((line) => line.slice(2).split(': GET')[0])).toEqual(Object.keys(orders));
});

for (const line of orderLines) {
  const label = line.slice(2).split(': GET')[0]!;
  test(`recorded order: ${label}`, () => {
    const asked = [...line.matchAll(/GET (\S+) -> code=(\d+)/g)];
    expect(asked).toHaveLength(2);
    for (const [, path, status] of asked) {
      const answer = statusAtFrontend(orders[label]!, { method: 'GET', path: path! }, calicoRules);
      expect(answer, path).toBe(seen(status!));
    }
  });
}
