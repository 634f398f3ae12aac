import { expect, test } from '@playwright/test';
import type { HttpResponse, Observation, ProbeError } from '../../fixtures/agent/protocol.ts';
import { askOf, bytes, GET, grpc, h2, type ProbeInput, webSocket } from '../../fixtures/probes/request.ts';
import { AccessLog } from '../../fixtures/verdicts/access-log.ts';
import { parseAccessLogLine } from '../../fixtures/verdicts/access-log-line.ts';
import { classify } from '../../fixtures/verdicts/classify.ts';
import { findEntries } from '../../fixtures/verdicts/find-entries.ts';
import { mayBecome } from '../../fixtures/verdicts/may-become.ts';
import type { Verdict, VerdictName } from '../../fixtures/verdicts/verdict.ts';

/*
 * What is no HTTP/1.1, as real proxies answered and logged it (Istio 1.28.10 with Calico 3.32.1). Of these there are no
 * transcripts, so they are put together from what was measured.
 */

type Seen = Pick<Observation, 'response' | 'text' | 'ended' | 'error'>;

interface Case {
  what: string;
  asked: ProbeInput;
  seen: Seen;
  /** Status, flags, details and transport failure, as the proxies' logs have them. */
  server?: string;
  client?: string;
  verdict: VerdictName;
  /** What the wire shows alone. */
  unproven: VerdictName;
}

const check = grpc('/grpc.health.v1.Health/Check');
const socket = webSocket('/ws');
const hello = bytes('hello');
const bannerText = 'alp-conformance banner\n';

function answered(response: Partial<HttpResponse>): Seen {
  return { response: { status: 200, headers: {}, body: '', bodyBytes: 0, ...response } };
}

/** Headers that say it all, as Envoy answers gRPC itself. */
function trailersOnly(grpcStatus: number, message = ''): Seen {
  return answered({
    headers: {
      'content-type': ['application/grpc'],
      'grpc-status': [String(grpcStatus)],
      ...(message !== '' && { 'grpc-message': [message] }),
      server: ['envoy'],
    },
    grpcStatus,
  });
}

function failed(error: Partial<ProbeError>, before: Seen = {}): Seen {
  return { ...before, error: { stage: 'receive', code: 'EOF', message: '', bytes: 0, ...error } };
}

const echo = { 'x-alp-echo': ['echo-1/shop'] };
const opened = answered({ status: 101, headers: { upgrade: ['websocket'], ...echo } });
const timeoutMessage =
  'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: connection timeout';

const cases: Case[] = [
  {
    what: 'a call that the application answered',
    asked: check,
    seen: answered({ headers: echo, grpcStatus: 0, bodyBytes: 300, trailers: { 'grpc-status': ['0'] } }),
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'a call that the application itself refused',
    asked: check,
    seen: answered({ headers: { ...echo, 'grpc-status': ['7'] }, grpcStatus: 7 }),
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'code 7 with an empty message, logged by the filter',
    asked: check,
    seen: trailersOnly(7),
    server: '200 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'denied, cause unseen',
  },
  {
    what: 'code 7 without Dikastes',
    asked: check,
    seen: trailersOnly(7),
    server: '200 UAEX ext_authz_error',
    verdict: 'filter error',
    unproven: 'denied, cause unseen',
  },
  {
    what: "code 7 with the message of Istio's authorization",
    asked: check,
    seen: trailersOnly(7, 'RBAC: access denied'),
    verdict: 'denied by istio',
    unproven: 'denied by istio',
  },
  {
    what: 'code 7 with a message of nobody known',
    asked: check,
    seen: trailersOnly(7, 'no entry'),
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'code 14 after the connect time-out, by its message',
    asked: check,
    seen: trailersOnly(14, timeoutMessage),
    client: '200 URX,UF upstream_reset_before_response_started{connection_timeout}',
    verdict: 'denied by felix',
    unproven: 'denied by felix',
  },
  {
    what: 'code 14 with a message in percents',
    asked: check,
    seen: trailersOnly(14, timeoutMessage.replaceAll(' ', '%20')),
    verdict: 'denied by felix',
    unproven: 'denied by felix',
  },
  {
    what: 'code 14 with a message that breaks off',
    asked: check,
    seen: trailersOnly(14, 'no healthy upstream, 100%'),
    verdict: 'no endpoint',
    unproven: 'no endpoint',
  },
  {
    what: 'code 14 that another proxy answered',
    asked: check,
    seen: trailersOnly(14, timeoutMessage),
    client: '200 - via_upstream',
    verdict: 'error',
    unproven: 'denied by felix',
  },
  {
    what: 'code 12 for want of a route',
    asked: check,
    seen: trailersOnly(12),
    client: '200 NR route_not_found',
    verdict: 'no route',
    unproven: 'no route',
  },
  {
    what: 'a status of gRPC that no proxy says, by nobody known',
    asked: check,
    seen: trailersOnly(5),
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'an answer by HTTP/2',
    asked: h2(GET('/')),
    seen: answered({ headers: echo }),
    verdict: 'allowed',
    unproven: 'allowed',
  },

  {
    what: 'a WebSocket that is opened and gives the message back',
    asked: socket,
    seen: { ...opened, text: 'alp-conformance' },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'a WebSocket that was open already',
    asked: socket,
    seen: { text: 'alp-conformance' },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'a WebSocket that gives something else back',
    asked: socket,
    seen: { ...opened, text: 'welcome' },
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'a WebSocket that somebody else opened',
    asked: socket,
    seen: { ...answered({ status: 101 }), text: 'alp-conformance' },
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'a WebSocket that was opened and never gave anything back',
    asked: socket,
    seen: failed({ code: 'ETIMEDOUT', bytes: 129 }, opened),
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'a WebSocket that was to be open and is not',
    asked: socket,
    seen: failed({ stage: 'send' }),
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'an upgrade that was refused',
    asked: socket,
    seen: answered({ status: 403, headers: { connection: ['close'] } }),
    server: '403 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'denied, cause unseen',
  },

  {
    what: 'bytes that come back',
    asked: hello,
    seen: { text: 'hello' },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'bytes that come back after the banner',
    asked: hello,
    seen: { text: `${bannerText}hello` },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'bytes of UTF-8 that come back',
    asked: bytes(Buffer.from('caf\u00e9').toString('latin1')),
    seen: { text: 'caf\u00e9' },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'the banner, when nothing was said',
    asked: bytes(''),
    seen: { text: bannerText },
    verdict: 'allowed',
    unproven: 'allowed',
  },
  {
    what: 'other bytes',
    asked: hello,
    seen: { text: 'HTTP/1.1 400 Bad Request' },
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'the end at the first bytes, which the filter logged',
    asked: hello,
    seen: failed({ code: 'EOF' }),
    server: '0 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'error',
  },
  {
    what: 'a reset at the first bytes, which the filter logged',
    asked: hello,
    seen: failed({ code: 'ECONNRESET' }),
    server: '0 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'error',
  },
  {
    what: 'the end after the banner, which the filter logged',
    asked: hello,
    seen: { text: bannerText, ended: true },
    server: '0 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'error',
  },
  {
    what: 'a reset after the banner, which the filter logged',
    asked: hello,
    seen: failed({ code: 'ECONNRESET', bytes: 23 }, { text: bannerText }),
    server: '0 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'error',
  },
  {
    what: 'the end after the banner, which nobody logged',
    asked: hello,
    seen: { text: bannerText, ended: true },
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'the end at the first bytes without Dikastes',
    asked: hello,
    seen: failed({}),
    server: '0 UAEX ext_authz_error',
    verdict: 'filter error',
    unproven: 'error',
  },
  {
    what: "the end by Istio's authorization",
    asked: hello,
    seen: failed({}),
    server: '0 - rbac_access_denied_matched_policy[none]',
    verdict: 'denied by istio',
    unproven: 'error',
  },
  {
    what: 'bytes in plaintext that mutual TLS refuses',
    asked: hello,
    seen: failed({ code: 'ECONNRESET' }),
    server: '0 NR filter_chain_not_found',
    verdict: 'refused by mtls',
    unproven: 'error',
  },
  {
    what: 'an alert after the handshake',
    asked: hello,
    seen: failed({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', alert: 116 }),
    verdict: 'refused by mtls',
    unproven: 'refused by mtls',
  },
  {
    what: 'no connection',
    asked: hello,
    seen: failed({ stage: 'connect', code: 'ETIMEDOUT' }),
    verdict: 'denied by felix',
    unproven: 'denied by felix',
  },
  {
    what: 'a refused connection',
    asked: hello,
    seen: failed({ stage: 'connect', code: 'ECONNREFUSED' }),
    verdict: 'unreachable',
    unproven: 'unreachable',
  },
  {
    what: "silence behind the client's own sidecar, which could not connect",
    asked: hello,
    seen: failed({ code: 'ETIMEDOUT' }),
    client: '0 UF,URX -',
    verdict: 'denied by felix',
    unproven: 'error',
  },
  {
    what: "a reset by the client's own sidecar, which could not connect",
    asked: hello,
    seen: failed({ code: 'ECONNRESET' }),
    client: '0 UF,URX -',
    verdict: 'denied by felix',
    unproven: 'error',
  },
  {
    what: "a reset by the client's own sidecar, which was refused",
    asked: hello,
    seen: failed({ code: 'ECONNRESET' }),
    client: '0 UF,URX - delayed_connect_error:_Connection_refused',
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'silence that nobody explains',
    asked: hello,
    seen: failed({ code: 'ETIMEDOUT' }),
    client: '0 - -',
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'silence is no denial, whatever the filter logged before',
    asked: hello,
    seen: failed({ code: 'ETIMEDOUT' }),
    server: '0 UAEX ext_authz_denied',
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: "the end by the client's own sidecar, for want of an endpoint",
    asked: hello,
    seen: failed({}),
    client: '0 UH -',
    verdict: 'no endpoint',
    unproven: 'error',
  },
  {
    what: 'a connection that was to be open and is not',
    asked: hello,
    seen: failed({ stage: 'send' }),
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'nothing at all',
    asked: hello,
    seen: {},
    verdict: 'error',
    unproven: 'error',
  },
  {
    what: 'a request to a port that speaks no HTTP, ended by the filter',
    asked: GET('/'),
    seen: failed({}),
    server: '0 UAEX ext_authz_denied',
    verdict: 'denied by alp',
    unproven: 'error',
  },
];

for (const one of cases) {
  const logs = [one.server && `server ${one.server}`, one.client && `client ${one.client}`].filter(Boolean);
  test(`${one.what} (${logs.join(', ') || 'nothing logged'}) is ${one.verdict}`, () => {
    const { observation, onTheWire, proven } = judge(one);
    expect(onTheWire.name, 'by the wire alone').toBe(one.unproven);
    expect(proven).toMatchObject({ name: one.verdict });
    expect(proven.evidence).not.toHaveLength(0);
    if (one.unproven === 'error' || one.unproven.startsWith('denied, ')) {
      expect(mayBecome(one.verdict, onTheWire, observation), 'may still become it').toBe(true);
    }
  });
}

test('evidence tells the status of gRPC', () => {
  const { proven } = judge(cases.find(({ what }) => what.startsWith('code 7 with an empty message'))!);
  expect(proven.evidence).toEqual([
    'HTTP 200, grpc-status 7, 0 bytes, server: envoy',
    'shop/echo-1 logged 200 UAEX ext_authz_denied',
  ]);
});

test('evidence tells what was said before the end', () => {
  const ofBytes = (what: string) => judge(cases.find((one) => one.what.startsWith(what))!).proven.evidence;
  expect(ofBytes('bytes that come back after')).toEqual([
    '"alp-conformance banner\\nhello"',
    'the application answered',
  ]);
  expect(ofBytes('the end after the banner, which the filter')).toEqual([
    '"alp-conformance banner\\n", then closed',
    'shop/echo-1 logged 0 UAEX ext_authz_denied',
  ]);
  expect(ofBytes('a reset after the banner')[0]).toBe(
    '"alp-conformance banner\\n", then ECONNRESET while awaiting the answer, 23 bytes received',
  );
  expect(ofBytes('a WebSocket that was opened and never')).toEqual([
    'HTTP 101, then ETIMEDOUT while awaiting the answer, 129 bytes received',
  ]);
});

test('a route may know its application by what it says', () => {
  const observation: Observation = { ...common, text: '220 ready\r\n' };
  const isApplicationText = (text: string, sent: string) => sent === 'hello' && text.startsWith('220 ');
  const verdict = classify(observation, {
    asked: askOf(hello),
    isApplication: () => false,
    isApplicationText,
  });
  expect(verdict.name).toBe('allowed');
});

const common = { id: 'p-1', at: '2026-11-23T07:30:00.000Z', local: '10.0.0.3:4711', timings: { totalMs: 2 } };

/** Judges by the wire, and by what is found in logs among the lines of others. */
function judge({ asked, seen, server, client }: Case): {
  observation: Observation;
  onTheWire: Verdict;
  proven: Verdict;
} {
  const observation: Observation = { ...common, ...seen };
  const isApplication = ({ headers }: HttpResponse) => headers['x-alp-echo'] !== undefined;
  const context = { asked: askOf(asked), isApplication };
  // The sidecars speak to each other by a connection of their own.
  const http = askOf(asked).protocol !== 'tcp' && seen.response !== undefined;
  const logs = {
    server: log('shop/echo-1', server, http, client === undefined ? common.local : '10.0.0.3:33333'),
    client: log('shop/client-1', client, http, common.local),
  };
  return {
    observation,
    onTheWire: classify(observation, context),
    proven: classify(observation, { ...context, ...findEntries(observation, logs) }),
  };
}

function log(proxy: string, said: string | undefined, http: boolean, from: string): AccessLog[] {
  const others = [
    line('403 UAEX ext_authz_denied', 'alp-conformance/p-11', from),
    line('0 UH -', '-', '10.0.0.3:47110'),
  ];
  const own = said === undefined ? [] : [line(said, http ? 'alp-conformance/p-1' : '-', from)];
  return [new AccessLog(proxy, [others[0], ...own, others[1], ''].join('\n'))];
}

/** A line in Istio's default format; `said` is status, flags, details and, where there is one, the transport's failure. */
function line(said: string, userAgent: string, from: string, upstreamLocal = '-'): string {
  const [status, flags, details, failure = '-'] = said.split(' ');
  return `[2026-11-23T07:30:00.000Z] "- - -" ${status} ${flags} ${details} - "${failure}" 5 0 2 - "-" "${userAgent}" "-" "-" "10.0.0.2:9001" inbound|9001|| ${upstreamLocal} 10.0.0.2:9001 ${from} - -`;
}

test.describe('what the sidecar beside the application logged of a connection', () => {
  const closed: Observation = { ...common, error: { stage: 'receive', code: 'EOF', message: '', bytes: 0 } };
  const between = '10.0.0.3:33333';
  const server = [
    new AccessLog(
      'shop/echo-1',
      [line('0 - -', '-', '10.0.0.9:1'), line('0 UAEX ext_authz_denied', '-', between)].join('\n'),
    ),
  ];

  test("is found by the connection that the client's sidecar made", () => {
    const client = [new AccessLog('shop/client-1', line('0 - -', '-', common.local, between))];
    expect(findEntries(closed, { server, client })).toMatchObject({
      server: { proxy: 'shop/echo-1', details: 'ext_authz_denied' },
      client: { proxy: 'shop/client-1' },
    });
  });

  test('is found so in JSON too', () => {
    const fields = {
      response_code: 0,
      downstream_remote_address: common.local,
      upstream_local_address: between,
    };
    const client = [new AccessLog('shop/client-1', JSON.stringify(fields))];
    expect(findEntries(closed, { server, client }).server?.details).toBe('ext_authz_denied');
  });

  test('is not found for want of such a connection', () => {
    const client = [new AccessLog('shop/client-1', line('0 UF,URX -', '-', common.local))];
    expect(findEntries(closed, { server, client }).server).toBeUndefined();
  });

  test('is not asked for when there was a response, whose line has its id', () => {
    const client = [new AccessLog('shop/client-1', line('200 - -', '-', common.local, between))];
    const observation: Observation = { ...common, ...answered({}) };
    expect(findEntries(observation, { server, client })).toEqual({ server: undefined, client: undefined });
  });
});

test('a line of a TCP connection is read with what the transport said', () => {
  const read = parseAccessLogLine(
    line('0 UF,URX - delayed_connect_error', '-', common.local),
    'shop/client-1',
  );
  expect(read).toMatchObject({ status: 0, flags: ['UF', 'URX'], details: '' });
});
