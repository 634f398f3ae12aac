import { expect, test } from '@playwright/test';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { configDumpFiles } from '../../fixtures/diagnostics/sources/config-dump.ts';
import { eventsInWords } from '../../fixtures/diagnostics/sources/events.ts';
import {
  probesInWords,
  proxiesNamed,
  routesNamed,
  type Seen,
} from '../../fixtures/diagnostics/sources/evidence.ts';
import { yamlOf } from '../../fixtures/diagnostics/sources/objects.ts';
import { podsInWords, tellingPods, worthiest } from '../../fixtures/diagnostics/sources/pods.ts';
import { policiesInForce } from '../../fixtures/diagnostics/sources/policies.ts';
import { GET } from '../../fixtures/probes/request.ts';
import { pod } from '../cluster/fixture.ts';
import { edge } from '../reports/sample.ts';

function event(more: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'shop', creationTimestamp: '2026-11-29T10:00:09Z' },
    involvedObject: { kind: 'Pod', name: 'echo' },
    ...more,
  };
}

test('events are in the order of time, whichever of the two APIs wrote them', () => {
  const events = [
    event({
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'probe\n failed',
      lastTimestamp: '2026-11-29T10:00:05Z',
      count: 7,
      source: { component: 'kubelet' },
    }),
    event({
      type: 'Normal',
      reason: 'Pulled',
      message: 'here',
      lastTimestamp: null,
      eventTime: '2026-11-29T10:00:01.5Z',
      reportingComponent: 'kubelet',
    }),
    event({
      type: 'Normal',
      reason: 'Last',
      message: 'x',
      series: { count: 3, lastObservedTime: '2026-11-29T10:00:07Z' },
    }),
  ];
  expect(eventsInWords(events).trim().split('\n')).toEqual([
    '2026-11-29T10:00:01.5Z  Normal   Pod/echo  Pulled: here  [kubelet]',
    '2026-11-29T10:00:05Z  Warning  Pod/echo  Unhealthy: probe failed (7 times)  [kubelet]',
    '2026-11-29T10:00:07Z  Normal   Pod/echo  Last: x (3 times)  [-]',
  ]);
});

const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const native = { name: 'istio-proxy', image: 'proxyv2', restartPolicy: 'Always' };
const sound = pod('sound', ready);
const proxied = pod('proxied', ready, { initContainers: [native], containers: [{ name: 'main' }] });
const crashing = pod('crashing', {
  phase: 'Running',
  containerStatuses: [{ name: 'main', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
});

test('the pods that can tell most come first: what is not well, then what has a proxy, native or not', () => {
  const names = (pods: KubeObject[]) => pods.map(({ metadata }) => metadata.name);
  expect(names(worthiest([sound, proxied, crashing], 2))).toEqual(['crashing', 'proxied']);
  expect(names(tellingPods([sound, proxied, crashing], new Set()))).toEqual(['proxied', 'crashing']);
});

test('of the pods that are well, those tell something that a probe went to or came from', () => {
  const of = (app: string): KubeObject => ({
    ...proxied,
    metadata: { ...proxied.metadata, name: app, labels: { app } },
  });
  const [client, other] = [of('client'), of('other')];
  const named = routesNamed({
    edges: [edge('client -> echo:http-bypass by pod address: GET /other', 'allowed', 'denied by alp')],
    transcript: [],
  });
  expect(tellingPods([client, other, crashing], named)).toEqual([client, crashing]);
});

test('a table of pods says what is wrong with each', () => {
  expect(podsInWords([crashing, proxied])).toBe(
    [
      'shop/crashing  0/1  Running  -  on -',
      '    main: not ready, 4 restarts, ',
      '    Pod shop/crashing: container main is in CrashLoopBackOff',
      'shop/proxied  0/2  Running  -  on -',
      '    istio-proxy (native sidecar): not ready, 0 restarts, proxyv2',
      '    main: not ready, 0 restarts, ',
      '',
    ].join('\n'),
  );
});

function policy(name: string, spec: object, kind = 'GlobalNetworkPolicy'): KubeObject {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name }, spec };
}

test('of the policies of the whole cluster those are shown that select a pod here, or that nobody can read', () => {
  const inhabitants: KubeObject[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'red' } } },
    { ...sound, metadata: { ...sound.metadata, labels: { app: 'echo' } } },
  ];
  const text = policiesInForce(
    [
      policy('ours', { selector: "app == 'echo'", namespaceSelector: "team == 'red'" }),
      policy('staged', { selector: "app == 'echo'" }, 'StagedGlobalNetworkPolicy'),
      policy('theirs', { selector: "app == 'echo'", namespaceSelector: "team == 'blue'" }),
      policy('garbled', { selector: "app = = 'echo'" }),
      policy('here', { selector: "app == 'nobody'" }, 'NetworkPolicy'),
      { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'default' }, spec: {} },
    ],
    inhabitants,
  );
  const shown = parseAllDocuments(text).flatMap((document) => document.toJS()?.metadata?.name ?? []);
  expect(shown).toEqual(['ours', 'staged', 'garbled', 'here', 'default']);
  expect(text).toMatch(/# These select none of the pods here:\n# {3}GlobalNetworkPolicy theirs\n$/);
});

test('objects are documents that say what they are before anything else', () => {
  const listed = {
    metadata: { name: 'a', managedFields: [] },
    spec: { text: 'x'.repeat(200) },
    apiVersion: 'v1',
    kind: 'Pod',
  };
  const text = yamlOf([listed]);
  expect(text).toMatch(
    /^---\n# Pod a\napiVersion: v1\nkind: Pod\nmetadata:\n {2}name: a\nspec:\n {2}text: x{200}\n$/,
  );
});

test("Envoy's config dump is a file a section, with listeners first, and the inbound one first of them", () => {
  const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
  const dump = {
    configs: [
      {
        '@type': type('ListenersConfigDump'),
        dynamic_listeners: [{ name: '0.0.0.0_80' }, { name: 'virtualInbound' }],
      },
      { '@type': type('ScopedRoutesConfigDump'), dynamic: [] },
      { '@type': type('ClustersConfigDump'), static: [1] },
    ],
  };
  const files = configDumpFiles(JSON.stringify(dump));
  expect([...files.keys()]).toEqual(['listeners.yaml', 'clusters.yaml', 'scoped-routes.yaml']);
  const { dynamic_listeners: listeners } = parse(files.get('listeners.yaml') ?? '') as {
    dynamic_listeners: object[];
  };
  expect(listeners).toEqual([{ name: 'virtualInbound' }, { name: '0.0.0.0_80' }]);
});

for (const answer of ['', 'no healthy upstream', '{}', '{"configs":1}']) {
  test(`no config dump: ${answer || 'nothing'}`, () => {
    expect(() => configDumpFiles(answer)).toThrow();
  });
}

const observation = { id: 'p-1', at: '2026-11-29T10:00:00Z', timings: { totalMs: 4 } };
const entry = {
  proxy: 'shop/echo-1',
  status: 403,
  flags: ['UAEX'],
  details: 'ext_authz_denied',
  line: '[…] "GET / HTTP/1.1" 403 UAEX',
};
const seen: Seen = {
  edges: [
    edge('client -> echo: GET /b', 'allowed', 'allowed'),
    edge('client -> echo: GET /', 'allowed', 'denied by alp', { control: true }),
  ],
  transcript: [
    { route: 'client -> echo', request: GET('/'), observation, server: entry, verdict: 'denied by alp' },
  ],
};

test('the evidence tells what differs first, and gives the access log line of each probe', () => {
  const { expectations } = parse(probesInWords(seen)) as { expectations: object[] };
  expect(expectations).toMatchObject([
    { probe: 'client -> echo: GET / (control)', expected: 'allowed', seen: 'denied by alp (differs)' },
    { probe: 'client -> echo: GET /b', seen: 'allowed' },
  ]);
  expect(probesInWords(seen)).toContain('line: \'[…] "GET / HTTP/1.1" 403 UAEX\'');
  expect(proxiesNamed(seen)).toEqual(['shop/echo-1']);
  expect(probesInWords({ edges: [], transcript: [] })).toBe('');
});

test('the evidence keeps no credentials that a probe sent or got, also in lists', () => {
  const headers = { authorization: ['Bearer abc123'], 'x-user': ['me'] };
  const [probe] = seen.transcript as [(typeof seen.transcript)[0]];
  const text = probesInWords({
    edges: [],
    transcript: [{ ...probe, observation: { ...observation, headers } as never }],
  });
  expect(text).not.toContain('abc123');
  expect(text).toMatch(/x-user:\n\s+- me/);
});
