import type { Edge, Outcome, OutcomeRecord } from '../../fixtures/outcome.ts';
import { assembleReport, type CatalogueEntry, type RunFacts } from '../../reports/assemble.ts';
import type { KnownDeviation } from '../../reports/deviations.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import type { RequirementRun } from '../../reports/results.ts';

/** A picture of one pixel. */
export const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export function edge(probe: string, expected: string, seen: string, more: Partial<Edge> = {}): Edge {
  return {
    probe,
    expected: [expected],
    seen,
    control: false,
    ok: expected === seen,
    evidence: [],
    totalMs: 4,
    ...more,
  };
}

export function record(
  requirement: string,
  outcome: Outcome,
  more: Partial<OutcomeRecord> = {},
): OutcomeRecord {
  return { requirement, outcome, edges: [], measurements: [], ...more };
}

export function run(
  requirement: string,
  outcome: Outcome,
  more: Partial<OutcomeRecord> = {},
  around: Partial<RequirementRun> = {},
): RequirementRun {
  return {
    requirement,
    ran: true,
    record: record(requirement, outcome, more),
    durationMs: 820,
    pictures: [],
    diagnostics: [],
    project: 'core',
    file: 'http/methods.spec.ts',
    line: 5,
    ...around,
  };
}

export function entry(id: string, statement: string, area: string): CatalogueEntry {
  return {
    id,
    statement,
    area,
    level: 'core',
    source: { document: 'Calico', place: 'network-policy/istio/http-methods' },
  };
}

export const catalogue: CatalogueEntry[] = [
  entry('HTTP-01', 'A listed method on a listed path is allowed.', 'http'),
  entry('HTTP-02', 'A method that no rule lists is denied.', 'http'),
  entry('HTTP-07', 'An exact path matches whatever its query string.', 'http'),
  entry('HTTP-10', 'A prefix matches whole path segments only.', 'http'),
  entry('INJ-01', 'An injected pod has the containers of the application, Envoy and Dikastes.', 'injection'),
  entry('MTLS-01', 'Under strict mutual TLS plaintext from outside the mesh is refused.', 'mtls'),
  entry('MTLS-02', 'A workload with a sidecar reaches another one under strict mutual TLS.', 'mtls'),
  entry('WEB-01', 'The home page of the shop is shown when the policy allows it.', 'shop'),
];

/** A hazard of the catalogue. */
export function hazard(id: string, statement: string): CatalogueEntry {
  return { ...entry(id, statement, 'hazards'), level: 'extended', hazard: true };
}

export const deviations: KnownDeviation[] = ['HTTP-01', 'HTTP-02', 'HTTP-07', 'MTLS-01'].map(
  (requirement) => ({
    requirement,
    product: 'calico',
    versions: '>=3.30.0 <3.32.0',
    link: 'https://github.com/projectcalico/calico/issues/11857',
    summary: 'Dikastes answers UNKNOWN to every request, so that Envoy denies everything.',
    signs: [{ expected: 'allowed', seen: 'denied by alp' }],
  }),
);

const denied = ['403, empty body, server: istio-envoy', 'shop/frontend-6d8f: 403 UAEX ext_authz_denied'];

/** The facts of a run on Calico 3.31.7 with every kind of outcome in it. */
export function sampleFacts(changes: Partial<RunFacts> = {}): RunFacts {
  return {
    results: [
      run('HTTP-01', 'failed', {
        cause: 'GET / through the gateway was to be allowed and was denied by alp.',
        edges: [
          edge('gateway -> GET /', 'allowed', 'denied by alp', { evidence: denied }),
          edge('gateway -> GET /static/icon.svg', 'allowed', 'denied by alp', { evidence: denied }),
          edge('gateway -> POST /cart', 'denied by alp', 'denied by alp', { evidence: denied }),
        ],
      }),
      run(
        'HTTP-02',
        'unverified',
        {
          cause: 'The control GET / was denied by alp, so that the denials beside it prove nothing.',
          edges: [
            edge('client -> GET /', 'allowed', 'denied by alp', { control: true, evidence: denied }),
            edge('client -> POST /', 'denied by alp', 'denied by alp', { evidence: denied }),
            edge('client -> HEAD /', 'denied by alp', 'denied by alp'),
          ],
        },
        { diagnostics: ['diagnostics/HTTP-02/dikastes.log', 'diagnostics/HTTP-02/policies.yaml'] },
      ),
      run('HTTP-10', 'failed', {
        cause: 'GET /staticfoo was to be denied by alp and was allowed.',
        edges: [
          edge('client -> GET /static/a', 'allowed', 'allowed', {
            control: true,
            evidence: ['200 from echo'],
          }),
          edge('client -> GET /staticfoo', 'denied by alp', 'allowed', {
            evidence: ['200 from echo', 'shop/echo-5f7: 200 - via_upstream <b>not markup</b> &amp; "quotes"'],
          }),
        ],
      }),
      run('INJ-01', 'passed', {}, { project: 'tutorial', durationMs: 120 }),
      run('MTLS-01', 'passed', {
        edges: [
          edge('outsider -> GET http://frontend/', 'refused by mtls', 'refused by mtls', {
            evidence: ['connection reset after 2 ms, no HTTP bytes', '0 NR filter_chain_not_found'],
          }),
        ],
        measurements: [{ name: 'time to effect', value: 112, unit: 'ms' }],
      }),
      run('MTLS-02', 'broken', { cause: 'timed out after 30 s while setting up "sandbox"' }),
    ],
    catalogue,
    selected: ['HTTP-01', 'HTTP-02', 'HTTP-07', 'HTTP-10', 'INJ-01', 'MTLS-01', 'MTLS-02'],
    skipped: [{ id: 'WEB-01', reason: 'needs a browser: none is installed' }],
    deviations,
    run: {
      id: '20261123-140500',
      started: '2026-11-23T14:05:00.000Z',
      finished: '2026-11-23T14:06:38.400Z',
      suiteVersion: '0.1.0',
      suiteRevision: '3f2c9d1',
      profile: 'core',
      areas: [],
      requirements: [],
      command:
        'npm run conformance -- --target existing --context kind-alp --ingress http://172.18.0.3:31380 --profile core',
    },
    target: {
      kind: 'existing',
      about: 'The cluster of the context kind-alp, as it was found.',
      context: 'kind-alp',
      ingress: 'http://172.18.0.3:31380',
    },
    versions: {
      kubernetes: 'v1.34.4',
      calico: 'v3.31.7',
      istio: '1.28.10',
      dikastes: 'v3.31.7',
      boutique: 'v0.10.3',
    },
    environment: {
      calicoApi: 'api server',
      dataPlane: 'iptables',
      nodes: [
        {
          name: 'alp-worker',
          kubelet: 'v1.34.4',
          kernel: '6.8.0-45-generic',
          os: 'Debian GNU/Linux 12 (bookworm)',
          runtime: 'containerd://2.1.3',
        },
        {
          name: 'alp-control-plane',
          kubelet: 'v1.34.4',
          kernel: '6.8.0-45-generic',
          os: 'Debian GNU/Linux 12 (bookworm)',
          runtime: 'containerd://2.1.3',
        },
      ],
      images: [
        {
          container: 'shop/frontend/server',
          image: 'us-central1-docker.pkg.dev/google-samples/microservices-demo/frontend:v0.10.3',
          imageId: `sha256:${'5c1a'.repeat(16)}`,
        },
        {
          container: 'shop/frontend/dikastes',
          image: 'quay.io/calico/dikastes:v3.31.7',
          imageId: `quay.io/calico/dikastes@sha256:${'0b9e'.repeat(16)}`,
        },
      ],
    },
    steps: [
      { title: 'Deploy the microservices demo', result: 'present', durationMs: 40 },
      { title: 'Install Istio', result: 'present', durationMs: 95 },
      { title: 'Enforce mutual TLS for the whole mesh', result: 'applied', durationMs: 2_310 },
      { title: 'Enable application layer policy', result: 'applied', durationMs: 21_800 },
    ],
    phases: [
      { name: 'runbook', startedMs: 0, durationMs: 24_245 },
      { name: 'tutorial', startedMs: 24_250, durationMs: 14_100 },
      { name: 'core', startedMs: 24_251, durationMs: 52_900 },
      { name: 'teardown', startedMs: 77_155, durationMs: 7_155 },
    ],
    cluster: {
      restored: 'restored',
      notes: ['PeerAuthentication istio-system/default-strict-mode was created and is deleted again.'],
    },
    ...changes,
  };
}

/** Facts of a run that looked for hazards as well: one of each outcome. */
export function factsWithHazards(changes: Partial<RunFacts> = {}): RunFacts {
  const facts = sampleFacts();
  const cause = 'GET / was denied by alp, expected allowed';
  return {
    ...facts,
    catalogue: [
      ...catalogue,
      hazard('HAZ-01', 'An Allow rule with an HTTP clause opens every port on the transport layer.'),
      hazard('HAZ-02', 'A request that was under way when a policy changed is not judged again.'),
      hazard('HAZ-03', 'A pod without a sidecar is not judged at all.'),
      hazard('HAZ-04', 'A workload whose Dikastes is gone denies everything.'),
      hazard('HAZ-05', 'A policy for IPv4 says nothing of IPv6.'),
    ],
    results: [
      ...facts.results,
      run('HAZ-01', 'passed', {
        edges: [
          edge('client -> echo: bytes "x"', 'allowed', 'allowed', { evidence: ['the bytes came back'] }),
        ],
      }),
      run('HAZ-02', 'failed', { cause, edges: [edge('client -> GET /', 'allowed', 'denied by alp')] }),
      run('HAZ-03', 'unverified', { cause: 'the control failed, so denials prove nothing' }),
      run('HAZ-04', 'broken', { cause: 'timed out after 30 s' }),
    ],
    selected: [...facts.selected, 'HAZ-01', 'HAZ-02', 'HAZ-03', 'HAZ-04'],
    skipped: [...facts.skipped, { id: 'HAZ-05', reason: 'needs pods with IPv6 addresses' }],
    ...changes,
  };
}

/** A report in which everything went well. */
export function conformantReport(changes: Partial<RunFacts> = {}): ConformanceReport {
  const ids = ['HTTP-01', 'INJ-01', 'MTLS-01'];
  return assembleReport(
    sampleFacts({
      results: ids.map((id) => run(id, 'passed')),
      selected: ids,
      skipped: [],
      deviations: [],
      versions: { ...sampleFacts().versions, calico: 'v3.32.1', dikastes: 'v3.32.1' },
      ...changes,
    }),
  );
}

/** A report of the sample facts. */
export function sampleReport(changes: Partial<RunFacts> = {}): ConformanceReport {
  return assembleReport(sampleFacts(changes));
}

/** A report of a failure, a step that failed, and a run, which all have their folders. */
export function diagnosedReport(): ConformanceReport {
  const facts = sampleFacts();
  const folder = (path: string) => ({ diagnosticsFolder: `diagnostics/${path}` });
  const step = { title: 'Sidecar injector', result: 'failed', durationMs: 5 } as const;
  return assembleReport({
    ...facts,
    run: { ...facts.run, ...folder('run') },
    steps: [{ ...step, ...folder('runbook/Sidecar-injector') }],
    results: facts.results.map((one) =>
      one.requirement === 'HTTP-10' ? { ...one, ...folder('HTTP-10') } : one,
    ),
  });
}
