import { parseSelector } from '../../fixtures/selectors/selector.ts';
import type { Rules } from '../../reference/rules/rules.ts';

/** A rule's opposite, and the recordings that must notice it: the begin of a row's name, or `paths`, or `Dikastes`. */
type Negation<Rule> =
  | {
      negated: (rule: Rule) => Rule;
      noticedBy: string;
      /** Whether connections that are made meanwhile must not be used afterwards. */
      drains?: true;
    }
  /** Why no recording can tell it apart. */
  | { unnoticed: string };

/** True for false and false for true. */
const not =
  <Args extends unknown[]>(rule: (...args: Args) => boolean) =>
  (...args: Args): boolean =>
    !rule(...args);

/** Never true, where there may be a third answer. */
const opposite =
  <Args extends unknown[]>(rule: (...args: Args) => boolean | 'invalid') =>
  (...args: Args): boolean =>
    rule(...args) !== true;

const refusal = { status: 400, body: 'negated', details: 'negated', flags: [] };
let pools = 0;

/** For every rule of the mesh. A rule without an entry does not compile. */
export const negations: { [Name in keyof Rules]: Negation<Rules[Name]> } = {
  enforces: { negated: not, noticedBy: 'STG-01b' },
  comparePolicies: {
    negated: (rule) => (one, other) => rule(other, one),
    noticedBy: 'ORD ties go by name, the Allow first',
  },
  compareTiers: { negated: (rule) => (one, other) => rule(other, one), noticedBy: 'TIER-01b' },
  typesOf: {
    negated: (rule) => (spec) => (rule(spec).includes('Ingress') ? ['Egress'] : ['Ingress']),
    noticedBy: 'L34-02d',
  },
  policyApplies: { negated: not, noticedBy: 'L34-02d' },
  selectorOf: {
    negated: (rule) => (text) => (rule(text) === undefined ? parseSelector('all()') : undefined),
    noticedBy: 'selector syntax error',
  },
  outcomeOf: {
    negated: (rule) => (action) => {
      const outcomes = { allow: 'deny', deny: 'allow', pass: 'next rule', 'next rule': 'pass' } as const;
      return outcomes[rule(action)];
    },
    noticedBy: 'ORD-03',
  },
  tiersEvaluated: { negated: () => () => [], noticedBy: 'L34-02d' },
  skipsTier: { negated: not, noticedBy: 'TIER-01e' },
  endOfTier: {
    negated: (rule) => (action, layer) => (rule(action, layer) === 'deny' ? 'pass' : 'deny'),
    noticedBy: 'TIER-02a',
  },
  afterPass: {
    negated: (rule) => (layer) => (rule(layer) === 'next tier' ? 'profiles' : 'next tier'),
    noticedBy: 'TIER-01c',
  },
  withoutPolicy: {
    negated: (rule) => (layer) => (rule(layer) === 'allow' ? 'deny' : 'allow'),
    noticedBy: 'L34-04a',
  },

  versionMatches: { negated: not, noticedBy: 'L34-02d' },
  protocolMatches: { negated: not, noticedBy: 'L34-02e' },
  portMatches: { negated: not, noticedBy: 'L34-01e' },
  namedPortMatches: { negated: not, noticedBy: 'L34-03 ' },
  netMatches: { negated: not, noticedBy: 'L34-01c' },
  negationCounts: { negated: not, noticedBy: 'L34-02g' },
  ownNamespaceOnly: { negated: not, noticedBy: 'SA-04d' },
  memberMatches: { negated: not, noticedBy: 'L34-01f' },
  selectionContains: { negated: not, noticedBy: 'L34-01f' },
  hostIsExempt: { negated: not, noticedBy: 'HOST under a denial' },

  methodMatches: { negated: not, noticedBy: 'Dikastes' },
  exactPathMatches: { negated: not, noticedBy: 'Dikastes' },
  prefixPathMatches: { negated: not, noticedBy: 'Dikastes' },
  pathMatches: { negated: not, noticedBy: 'Dikastes' },
  rejectsPath: { negated: not, noticedBy: 'Dikastes' },
  httpMatches: { negated: opposite, noticedBy: 'Dikastes' },
  httpMatchesConnection: { negated: opposite, noticedBy: 'HTTP-19b' },
  httpMatchesAtL4: { negated: not, noticedBy: 'L34-05a' },

  principalOf: {
    negated: () => (uri) => ({ kind: uri === '' ? 'unidentified' : 'absent' }),
    noticedBy: 'SA-05 ',
  },
  serviceAccountMatches: { negated: not, noticedBy: 'SA-05 ' },
  matchesWithoutAccount: { negated: not, noticedBy: 'SA-05b' },
  bothFactors: { negated: not, noticedBy: 'SA-05 ' },
  refusesPrincipal: { negated: not, noticedBy: 'SA-05 ' },

  servesPolicySync: { negated: not, noticedBy: 'STG-01d' },
  statusOf: {
    negated: (rule) => (decision) => (rule(decision) === 'OK' ? 'PERMISSION_DENIED' : 'OK'),
    noticedBy: 'Dikastes',
  },
  unsyncedStatus: { unnoticed: 'nothing was asked of a Dikastes that had not synchronised yet' },
  unknownEndpointStatus: { unnoticed: 'nothing was asked of a Dikastes that had not been told of its pod' },
  statusWithoutFelix: {
    negated: (rule) => (last) => (rule(last) === 'OK' ? 'PERMISSION_DENIED' : 'OK'),
    noticedBy: 'FAIL Felix gone, what Dikastes still answers',
  },
  takesChange: { negated: not, noticedBy: 'STG-01b' },

  checksPolicies: { negated: not, noticedBy: 'selector syntax error' },
  limitsHttpClauses: { unnoticed: 'no policy that a recording asked about lists more than it may' },

  rejectsRequest: {
    negated: (rule) => (method, target) => (rule(method, target) === undefined ? refusal : undefined),
    noticedBy: 'paths',
  },
  normalizePath: { negated: () => (target) => target, noticedBy: 'paths' },
  normalizes: { negated: not, noticedBy: 'paths' },
  deniedResponse: {
    negated: (rule) => (result) =>
      rule(result) === undefined ? { status: 403, body: '', details: 'ext_authz_denied' } : undefined,
    noticedBy: 'SA-05 ',
  },
  tcpDenied: {
    negated: (rule) => (result) => (rule(result) === undefined ? 'ext_authz_denied' : undefined),
    noticedBy: 'HTTP-19e',
  },
  passesUndecided: { negated: not, noticedBy: 'HTTP-19e' },
  checkedPath: { negated: () => (path) => `/negated${path}`, noticedBy: 'L34-02d' },
  plaintextUnder: {
    negated: (rule) => (mode) => (rule(mode) === 'reset' ? 'served' : 'reset'),
    noticedBy: 'MTLS-05a',
  },
  tlsUnder: {
    negated: (rule) => (mode, alpn) => (rule(mode, alpn) === 'terminated' ? 'reset' : 'terminated'),
    noticedBy: 'MTLS-08d',
  },
  bypassesSidecar: { negated: not, noticedBy: "MTLS and the sidecar's own health port" },
  speaksHttp: { negated: not, noticedBy: 'HTTP-19e' },
  upstreamVersion: {
    negated: (rule) => (declared, client, side) =>
      rule(declared, client, side) === 'HTTP/2' ? 'HTTP/1.1' : 'HTTP/2',
    noticedBy: 'HTTP-18a',
  },
  grpcStatus: { negated: () => () => 0, noticedBy: 'HTTP-18a' },
  detectionTimeout: { unnoticed: 'it was never measured how long a silent client is waited for' },
  retriesOn: { negated: not, noticedBy: 'L34-01b' },
  connectTimeout: { negated: (rule) => (ms, timeScale) => rule(ms, timeScale) * 5, noticedBy: 'L34-01b' },
  backOff: { negated: () => () => 20_000, noticedBy: 'L34-01b' },
  noHealthyUpstream: { negated: () => () => refusal, noticedBy: 'FAIL Felix gone, after ten seconds' },
  routeNotFound: { negated: () => () => refusal, noticedBy: 'transcript ING-02' },
  poolOf: {
    negated: (rule) => (worker, cluster) => {
      pools += 1;
      return `${rule(worker, cluster)}|${pools}`;
    },
    noticedBy: 'L34-01b',
  },
  serverHeader: {
    negated: (rule) => (side) => (rule(side) === 'envoy' ? 'istio-envoy' : 'envoy'),
    noticedBy: 'L34-02d',
  },
  forwardedClientCert: {
    negated: (rule) => (received, peer) => (rule(received, peer) === undefined ? 'URI=negated' : undefined),
    noticedBy: 'MTLS-05k',
  },
  drainTime: {
    negated: (rule) => (timeScale) => rule(timeScale) * 1.5,
    noticedBy: 'FAIL the filter deleted',
    drains: true,
  },
  keepsAlive: { negated: not, noticedBy: 'L34-01b' },

  injects: { negated: not, noticedBy: 'INJECT new pods' },
  templatesFor: {
    negated: () => (annotation, defaults) =>
      annotation === undefined ? [...defaults, 'dikastes'] : [...defaults],
    noticedBy: 'INJECT new pods',
  },
  admitsUnanswered: { negated: not, noticedBy: 'FAIL istiod gone' },
  modeOf: {
    negated: (rule) => (policies, workload, port) =>
      rule(policies, workload, port) === 'STRICT' ? 'PERMISSIVE' : 'STRICT',
    noticedBy: 'MTLS-05a',
    drains: true,
  },
  learnsOfMode: { negated: not, noticedBy: 'MTLS-05l' },
  upstreamTls: {
    negated: (rule) => (facts) => (rule(facts) === 'mutual' ? 'plaintext' : 'mutual'),
    noticedBy: 'L34-02d',
  },
  judgePeer: {
    negated: (rule) => (peer) => (rule(peer) === undefined ? 46 : undefined),
    noticedBy: 'MTLS-08c',
  },
  hostMatches: { negated: not, noticedBy: 'STG-01d' },
  routeMatches: { negated: not, noticedBy: 'transcript ING-02' },
  attemptsOf: { negated: () => () => 1, noticedBy: 'L34-01b' },
  asksDikastes: {
    negated:
      (rule) =>
      (...of) =>
        rule(...of) === 'no' ? 'fails closed' : 'no',
    noticedBy: 'L34-02d',
    drains: true,
  },
  logsAccess: { negated: not, noticedBy: 'SA-05 ' },
  protocolOfPort: {
    negated: (rule) => (port) => (rule(port) === 'http' ? 'tcp' : 'http'),
    noticedBy: 'HTTP-19e',
    drains: true,
  },
};
