import { expect, test } from '@playwright/test';
import type { HttpResponse, ProbeError } from '../../fixtures/agent/protocol.ts';
import type { TranscriptLine } from '../../fixtures/recorder.ts';
import { classify } from '../../fixtures/verdicts/classify.ts';
import { mayBecome } from '../../fixtures/verdicts/may-become.ts';
import { type AccessLogEntry, type VerdictName, verdictNames } from '../../fixtures/verdicts/verdict.ts';
import { contextOf, recorded, recordedLine, titleOf } from './recorded.ts';

for (const line of recorded) {
  test(`recorded as ${line.verdict}: ${titleOf(line)}`, () => {
    expect(classify(line.observation, contextOf(line)).name).toBe(line.verdict);
  });
}

test('the recordings show every verdict that a sound cluster gives', () => {
  expect(new Set(recorded.map(({ verdict }) => verdict))).toEqual(
    new Set<VerdictName>([
      'allowed',
      'denied by alp',
      'denied by felix',
      'refused by mtls',
      'no route',
      'rejected by proxy',
      'error',
    ]),
  );
});

/** A recorded line, the evidence that is taken away or put in its place, and what is then left to say. */
interface Mutation {
  what: string;
  from: () => TranscriptLine;
  change: (line: TranscriptLine) => void;
  verdict: VerdictName;
}

const alpDenial = () => recordedLine('denied by alp', ({ client }) => client !== undefined);
const mtlsReset = () => recordedLine('refused by mtls', ({ server }) => server !== undefined);
const mtlsAlert = () =>
  recordedLine(
    'refused by mtls',
    ({ observation }) => observation.error?.stage === 'receive' && observation.error.alert !== undefined,
  );
const handshake = () =>
  recordedLine('refused by mtls', ({ observation }) => observation.error?.stage === 'tls');
const droppedByFelix = () =>
  recordedLine('denied by felix', ({ observation }) => observation.error !== undefined);
const gatewayTimeout = () =>
  recordedLine('denied by felix', ({ observation }) => observation.response !== undefined);
const echoed = () =>
  recordedLine('allowed', ({ route, server }) => route === 'client -> echo' && server !== undefined);
const shopPage = () =>
  recordedLine('allowed', ({ route, server }) => route.startsWith('outside') && server === undefined);
const noRoute = () => recordedLine('no route', ({ client }) => client === undefined);
const rejected = () => recordedLine('rejected by proxy');

const mutations: Mutation[] = [
  {
    what: 'a 403 without body and without log line names no layer',
    from: alpDenial,
    change: (line) => forget(line, 'server'),
    verdict: 'denied, cause unseen',
  },
  {
    what: "a 403 that only the client's proxy logged names no layer",
    from: alpDenial,
    change: (line) => {
      forget(line, 'server');
      log(line, 'client', { details: 'via_upstream' });
    },
    verdict: 'denied, cause unseen',
  },
  {
    what: 'Dikastes dead or absent is a filter error, not a denial',
    from: alpDenial,
    change: (line) => log(line, 'server', { details: 'ext_authz_error' }),
    verdict: 'filter error',
  },
  {
    what: "a denial that Istio's authorization logged is Istio's",
    from: alpDenial,
    change: (line) =>
      log(line, 'server', { details: 'rbac_access_denied_matched_policy[ns[default]-policy[deny]-rule[0]]' }),
    verdict: 'denied by istio',
  },
  {
    what: "a denial with the body of Istio's authorization is Istio's, also without a log line",
    from: alpDenial,
    change: (line) => {
      forget(line, 'server');
      answer(line, { body: 'RBAC: access denied', bodyBytes: 19 });
    },
    verdict: 'denied by istio',
  },
  {
    what: 'a 403 with a body that no known layer writes is an error',
    from: alpDenial,
    change: (line) => {
      forget(line, 'server');
      answer(line, { body: 'Forbidden by a firewall', bodyBytes: 23 });
    },
    verdict: 'error',
  },
  {
    what: 'a 403 that the application itself answered is allowed',
    from: alpDenial,
    change: (line) => log(line, 'server', { details: 'via_upstream', flags: [] }),
    verdict: 'allowed',
  },
  {
    what: 'a reset without log line says nothing about mutual TLS',
    from: mtlsReset,
    change: (line) => forget(line, 'server'),
    verdict: 'error',
  },
  {
    what: 'a reset that the sidecar logs for another reason is an error',
    from: mtlsReset,
    change: (line) =>
      log(line, 'server', { details: 'upstream_reset_before_response_started{connection_termination}' }),
    verdict: 'error',
  },
  {
    what: 'a reset after bytes of HTTP came is an error, whatever the log says',
    from: mtlsReset,
    change: (line) => fail(line, { bytes: 12 }),
    verdict: 'error',
  },
  {
    what: 'silence after the connection stood is no refusal by mutual TLS',
    from: mtlsReset,
    change: (line) => fail(line, { code: 'ETIMEDOUT' }),
    verdict: 'error',
  },
  {
    what: 'without an alert a TLS 1.3 client cannot tell why its first read failed',
    from: mtlsAlert,
    change: (line) => failSilently(line, 'ECONNRESET'),
    verdict: 'error',
  },
  {
    what: 'an alert after bytes of HTTP came is an error',
    from: mtlsAlert,
    change: (line) => fail(line, { bytes: 1 }),
    verdict: 'error',
  },
  {
    what: 'a TLS handshake that is never answered is an error',
    from: handshake,
    change: (line) => failSilently(line, 'ETIMEDOUT'),
    verdict: 'error',
  },
  {
    what: 'a TLS handshake with something that does not speak TLS is an error',
    from: handshake,
    change: (line) => failSilently(line, 'ERR_SSL_WRONG_VERSION_NUMBER'),
    verdict: 'error',
  },
  {
    what: 'a TLS handshake that is reset without alert says nothing about mutual TLS',
    from: handshake,
    change: (line) => failSilently(line, 'ECONNRESET'),
    verdict: 'error',
  },
  {
    what: 'a TLS handshake that is reset is refused by mutual TLS when the sidecar logs it so',
    from: handshake,
    change: (line) => {
      failSilently(line, 'ECONNRESET');
      log(line, 'server', { flags: ['NR'], details: 'filter_chain_not_found' });
    },
    verdict: 'refused by mtls',
  },
  {
    what: 'a refused connection is unreachable: Felix drops without a word',
    from: droppedByFelix,
    change: (line) => fail(line, { code: 'ECONNREFUSED' }),
    verdict: 'unreachable',
  },
  {
    what: 'no route to the host is unreachable',
    from: droppedByFelix,
    change: (line) => fail(line, { code: 'EHOSTUNREACH' }),
    verdict: 'unreachable',
  },
  {
    what: 'a name that does not resolve is unreachable',
    from: droppedByFelix,
    change: (line) => fail(line, { stage: 'resolve', code: 'ENOTFOUND' }),
    verdict: 'unreachable',
  },
  {
    what: 'a name whose resolution takes too long is unreachable, not denied by Felix',
    from: droppedByFelix,
    change: (line) => fail(line, { stage: 'resolve', code: 'ETIMEDOUT' }),
    verdict: 'unreachable',
  },
  {
    what: "a proxy's 503 for a connection that was refused is an error",
    from: gatewayTimeout,
    change: (line) => answer(line, { body: connectError('connection failure') }),
    verdict: 'error',
  },
  {
    what: "a proxy's log tells its connection time-out where the body does not",
    from: gatewayTimeout,
    change: (line) => {
      answer(line, { body: '' });
      log(line, 'client', {
        flags: ['URX', 'UF'],
        details: 'upstream_reset_before_response_started{connection_timeout}',
      });
    },
    verdict: 'denied by felix',
  },
  {
    what: "a proxy's answer tells its connection time-out where its log does not",
    from: gatewayTimeout,
    change: (line) => log(line, 'client', { flags: [], details: '' }),
    verdict: 'denied by felix',
  },
  {
    what: "a proxy's answer tells of its upstreams where its log does not",
    from: gatewayTimeout,
    change: (line) => {
      answer(line, { body: 'no healthy upstream', bodyBytes: 19 });
      log(line, 'client', { flags: [], details: 'response_code_of_its_own' });
    },
    verdict: 'no endpoint',
  },
  {
    what: "a connection time-out that another proxy answered is not Felix's on the way to it",
    from: gatewayTimeout,
    change: (line) => log(line, 'client', { flags: [], details: 'via_upstream' }),
    verdict: 'error',
  },
  {
    what: "a proxy's 503 without healthy upstream has no endpoint",
    from: gatewayTimeout,
    change: (line) => answer(line, { body: 'no healthy upstream', bodyBytes: 19 }),
    verdict: 'no endpoint',
  },
  {
    what: "the flag UH in the proxy's log means no endpoint",
    from: gatewayTimeout,
    change: (line) => log(line, 'client', { flags: ['UH'], details: '' }),
    verdict: 'no endpoint',
  },
  {
    what: 'a cluster that the proxy does not know is no route',
    from: gatewayTimeout,
    change: (line) => log(line, 'client', { flags: ['NC'], details: 'cluster_not_found' }),
    verdict: 'no route',
  },
  {
    what: "a 503 that no proxy explains is an error, and no one's denial",
    from: gatewayTimeout,
    change: (line) => answer(line, { body: 'try again later' }),
    verdict: 'error',
  },
  {
    what: 'a 404 that an upstream made, but not the application, is an error',
    from: noRoute,
    change: (line) => {
      line.observation.response!.headers['x-envoy-upstream-service-time'] = ['3'];
    },
    verdict: 'error',
  },
  {
    what: "a 404 with a body that is not the application's is an error",
    from: noRoute,
    change: (line) => answer(line, { body: 'nginx', bodyBytes: 5 }),
    verdict: 'error',
  },
  {
    what: "the proxy's log makes any 404 without route one",
    from: noRoute,
    change: (line) => {
      answer(line, { body: 'no such host', bodyBytes: 12 });
      log(line, 'client', { flags: ['NR'], details: 'route_not_found' });
    },
    verdict: 'no route',
  },
  {
    what: 'a request that HTTP/1.0 makes too old is rejected by the proxy (426)',
    from: rejected,
    change: (line) => answer(line, { status: 426 }),
    verdict: 'rejected by proxy',
  },
  {
    what: 'headers that are too large are rejected by the proxy (431)',
    from: rejected,
    change: (line) => answer(line, { status: 431 }),
    verdict: 'rejected by proxy',
  },
  {
    what: 'a 400 that the application itself answered is allowed',
    from: rejected,
    change: (line) => log(line, 'server', { status: 400, flags: [], details: 'via_upstream' }),
    verdict: 'allowed',
  },
  {
    what: 'a status that no rule knows is an error',
    from: rejected,
    change: (line) => answer(line, { status: 502 }),
    verdict: 'error',
  },
  {
    what: 'a 200 that neither the application nor its sidecar vouches for is an error',
    from: echoed,
    change: (line) => {
      forget(line, 'server');
      delete line.observation.response!.headers['x-alp-echo'];
    },
    verdict: 'error',
  },
  {
    what: "a 200 that only the application's sidecar vouches for is allowed",
    from: echoed,
    change: (line) => {
      delete line.observation.response!.headers['x-alp-echo'];
    },
    verdict: 'allowed',
  },
  {
    what: 'a 200 without the marks of the shop is an error: a captive page is no shop',
    from: shopPage,
    change: (line) => {
      forget(line, 'client');
      answer(line, { headers: {}, body: '<h1>Welcome to the hotel</h1>' });
    },
    verdict: 'error',
  },
  {
    what: 'an observation with neither response nor error is an error',
    from: echoed,
    change: (line) => {
      delete line.observation.response;
    },
    verdict: 'error',
  },
];

for (const { what, from, change, verdict } of mutations) {
  test(what, () => {
    const line = from();
    change(line);
    expect(classify(line.observation, contextOf(line)).name).toBe(verdict);
  });
}

test('the mutations and the recordings together reach every verdict there is', () => {
  const reached = new Set([...recorded, ...mutations].map(({ verdict }) => verdict));
  expect(reached).toEqual(new Set(verdictNames));
});

test('a verdict carries what was seen and the log line that names its layer', () => {
  const line = alpDenial();
  expect(classify(line.observation, contextOf(line)).evidence).toEqual([
    `HTTP 403, 0 bytes, server: ${line.observation.response?.headers.server}`,
    `${line.server?.proxy} logged 403 UAEX ext_authz_denied`,
  ]);
});

test('a refusal by mutual TLS carries the alert and how many bytes came', () => {
  const { observation, ...line } = mtlsAlert();
  const { evidence } = classify(observation, contextOf({ observation, ...line }));
  expect(evidence).toEqual([
    `${observation.error?.code} while awaiting the answer, TLS alert ${observation.error?.alert}, 0 bytes received`,
  ]);
});

test('every verdict carries evidence', () => {
  for (const line of recorded) {
    expect(classify(line.observation, contextOf(line)).evidence, titleOf(line)).not.toHaveLength(0);
  }
});

test('what the wire shows alone may become every verdict that the logs gave it', () => {
  for (const line of recorded) {
    const { isApplication } = contextOf(line);
    const onTheWire = classify(line.observation, { isApplication });
    const may = mayBecome(line.verdict as VerdictName, onTheWire, line.observation);
    expect(may, `${titleOf(line)}, ${onTheWire.name}`).toBe(true);
  }
});

test('the logs cannot turn an answer of the application into a denial, nor a denial into one by Istio', () => {
  expect(becomes(echoed(), 'denied by alp')).toBe(false);
  expect(becomes(alpDenial(), 'allowed')).toBe(false);
  expect(becomes(alpDenial(), 'denied by felix')).toBe(false);
  expect(becomes(alpDenial(), 'denied by istio')).toBe(false);
});

test('the logs can explain the end of a connection, but not turn it into an answer', () => {
  expect(becomes(mtlsReset(), 'denied by alp')).toBe(true);
  expect(becomes(mtlsReset(), 'filter error')).toBe(true);
  expect(becomes(mtlsReset(), 'allowed')).toBe(false);
  expect(becomes(mtlsReset(), 'denied, cause unseen')).toBe(false);
});

test('the logs cannot explain the end of an answer that had begun', () => {
  const line = mtlsReset();
  fail(line, { bytes: 12 });
  expect(becomes(line, 'denied by alp')).toBe(false);
});

test('the logs can say whose an unknown answer is, within what its status may mean', () => {
  const line = gatewayTimeout();
  answer(line, { body: '', bodyBytes: 0 });
  expect(becomes(line, 'no route')).toBe(true);
  expect(becomes(line, 'denied by felix')).toBe(true);
  expect(becomes(line, 'allowed')).toBe(true);
  expect(becomes(line, 'denied by alp')).toBe(false);
  answer(line, { status: 502 });
  expect(becomes(line, 'no route')).toBe(false);
});

/** Whether what the wire shows of a line may still become that verdict. */
function becomes(line: TranscriptLine, expected: VerdictName): boolean {
  const onTheWire = classify(line.observation, { isApplication: contextOf(line).isApplication });
  return mayBecome(expected, onTheWire, line.observation);
}

function forget(line: TranscriptLine, side: 'server' | 'client'): void {
  delete line[side];
}

function log(line: TranscriptLine, side: 'server' | 'client', entry: Partial<AccessLogEntry>): void {
  line[side] = {
    proxy: 'shop/pod',
    status: line.observation.response?.status ?? 0,
    flags: [],
    details: '',
    line: '',
    ...line[side],
    ...entry,
  };
}

function answer(line: TranscriptLine, response: Partial<HttpResponse>): void {
  Object.assign(line.observation.response!, response);
}

function fail(line: TranscriptLine, error: Partial<ProbeError>): void {
  Object.assign(line.observation.error!, error);
}

/** The connection failed with that code, without an alert from the peer. */
function failSilently(line: TranscriptLine, code: string): void {
  fail(line, { code });
  delete line.observation.error?.alert;
}

/** Envoy's body for a connection it could not open. */
function connectError(reason: string): string {
  return `upstream connect error or disconnect/reset before headers. retried and the latest reset reason: ${reason}`;
}
