import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { policyCase } from '../../fixtures/policy-case/generate/case.ts';

type Fields = Record<string, unknown>;
type Entity = {
  ports?: unknown[];
  notPorts?: unknown[];
  nets?: string[];
  notNets?: string[];
  selector?: string;
};

const generated = (release: string) => fc.sample(policyCase(release), { seed: 3, numRuns: 300 });

for (const release of ['v3.24.1', 'v3.29.7', 'v3.32.1']) {
  test(`the API of ${release} would store what is generated`, () => {
    const found = generated(release).flatMap(({ objects }) => {
      const names = objects.map(({ apiVersion, kind, metadata }) =>
        [apiVersion, kind, metadata.namespace, metadata.name].join(' '),
      );
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      return [...twice, ...objects.flatMap((object) => problemsOf(object, release))];
    });
    expect(found).toEqual([]);
  });
}

test('every kind, action and clause occurs', () => {
  const text = JSON.stringify(generated('v3.32.1'));
  const words = [
    ...[
      'GlobalNetworkPolicy',
      'NetworkPolicy',
      'networking.k8s.io/v1',
      'GlobalNetworkSet',
      'NetworkSet',
      'Tier',
    ],
    ...['StagedGlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedKubernetesNetworkPolicy', 'stagedAction'],
    ...['Allow', 'Deny', 'Pass', 'Log', 'ipVersion', 'protocol', 'notProtocol', 'exact', 'prefix', 'methods'],
    ...['nets', 'notNets', 'ports', 'notPorts', 'selector', 'notSelector', 'namespaceSelector', 'names'],
    ...['serviceAccountSelector', 'order', 'types', 'egress', 'except', 'endPort', 'doNotTrack'],
    ...['%2F', '%252', '..', ';', 'spiffe://cluster.local/weird', '"principal":""', '"path":""'],
  ];
  for (const word of words) expect.soft(text, word).toContain(word);
  expect(text).toContain(JSON.stringify('a\\').slice(2, -1));
  expect(generated('v3.32.1').some(({ questions }) => questions.some(({ http }) => http === undefined))).toBe(
    true,
  );
});

test('what a release has not is not generated for it', () => {
  const old = JSON.stringify(generated('v3.24.1'));
  for (const word of ['Tier', 'Staged', '"tier"']) expect(old).not.toContain(word);
  expect(JSON.stringify(generated('v3.29.7'))).not.toContain('Staged');
});

/** What the API servers of Calico refuse, as far as the generators could get there. */
function problemsOf({ apiVersion, kind, metadata, spec = {} }: KubeObject, release: string): string[] {
  const problems: string[] = [];
  if (apiVersion !== 'projectcalico.org/v3' || !kind.endsWith('Policy')) return problems;
  const {
    tier = 'default',
    ingress = [],
    selector = '',
  } = spec as { tier?: string; ingress?: Fields[]; selector?: string };
  if (release < 'v3.32' && tier !== 'default' && !metadata.name.startsWith(`${tier}.`)) problems.push('name');
  if (selector.includes('global()')) problems.push('global() selects no workload');
  if (kind === 'StagedKubernetesNetworkPolicy') return problems;
  for (const rule of ingress) problems.push(...problemsOfRule(rule, release));
  return problems;
}

function problemsOfRule(rule: Fields, release: string): string[] {
  const { action, protocol, http, ipVersion } = rule;
  const ends = [rule.source ?? {}, rule.destination ?? {}] as Entity[];
  const nets = ends.flatMap(({ nets = [], notNets = [] }) => [...nets, ...notNets]);
  const families = new Set(nets.map((net) => (net.includes(':') ? 6 : 4)));
  const checks: [problem: string, holds: boolean][] = [
    ['HTTP on another action', http !== undefined && action !== 'Allow'],
    ['HTTP over another protocol', http !== undefined && ![undefined, 'TCP'].includes(protocol as string)],
    [
      'ports without a protocol that has any',
      ends.some(({ ports, notPorts }) => ports ?? notPorts) &&
        !['TCP', 'UDP', 'SCTP', 6, 17].includes(protocol as string),
    ],
    ['CIDRs of both versions', families.size > 1],
    [
      'another version than the CIDRs',
      ipVersion !== undefined && [...families].some((family) => family !== ipVersion),
    ],
    ['global() for endpoints', ends.some(({ selector = '' }) => selector.includes('global()'))],
    ['everything excluded', ends.some(({ notNets = [] }) => notNets.some((net) => net.endsWith('/0')))],
    ...httpProblems(http as HttpFields | undefined, release),
  ];
  return checks.filter(([, holds]) => holds).map(([problem]) => problem);
}

interface HttpFields {
  methods?: string[];
  paths?: { exact?: string; prefix?: string }[];
}

function httpProblems({ methods = [], paths = [] }: HttpFields = {}, release: string): [string, boolean][] {
  const texts = paths.flatMap(({ exact, prefix }) => [exact, prefix].filter((text) => text !== undefined));
  const strict = release < 'v3.32';
  return [
    ['a method twice', new Set(methods).size < methods.length],
    ['a path too long', texts.some((text) => text.length > 1024)],
    ['none or several in one entry', strict && texts.length !== paths.length],
    ['no path', strict && texts.some((text) => !/^\/[^?# ]*$/.test(text))],
  ];
}
