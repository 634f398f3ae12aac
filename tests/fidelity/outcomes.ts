import { isOfMesh, type Probe } from './probe.ts';
import type { Expected } from './told.ts';

const connectError = (reason: string) =>
  `upstream connect error or disconnect/reset before headers. retried and the latest reset reason: ${reason}`;

/**
 * What the words of the rows stand for, by what the real proxies answered and logged; a number alone is an answer of
 * the application itself.
 */
const outcomes: Record<string, Expected> = {
  '403': {
    verdict: 'denied by alp',
    status: 403,
    bytes: 0,
    serverLog: '403 UAEX ext_authz_denied',
    took: 'instant',
  },
  '403 filter error': {
    verdict: 'filter error',
    status: 403,
    bytes: 0,
    serverLog: '403 UAEX ext_authz_error',
    took: 'instant',
  },
  '503': {
    verdict: 'denied by felix',
    status: 503,
    bytes: 114,
    proxySays: connectError('connection timeout'),
    clientLog: '503 URX,UF upstream_reset_before_response_started{connection_timeout}',
    serverLog: 'none',
    took: 'time-out',
  },
  // A request for an upgrade has no end, so that refusing it ends the connection, and no proxy tells the time from then.
  '403 closing': {
    verdict: 'denied by alp',
    status: 403,
    bytes: 0,
    closes: true,
    fromUpstream: false,
    serverLog: '403 UAEX ext_authz_denied',
    took: 'instant',
  },
  'code 0': { verdict: 'allowed', status: 200, code: 0, server: 'envoy', took: 'instant' },
  'code 7': {
    verdict: 'denied by alp',
    status: 200,
    bytes: 0,
    code: 7,
    server: 'envoy',
    fromUpstream: true,
    took: 'instant',
  },
  'code 14': {
    verdict: 'denied by felix',
    status: 200,
    bytes: 0,
    code: 14,
    server: 'envoy',
    proxySays: connectError('connection timeout'),
    serverLog: 'none',
    took: 'time-out',
  },
  '101': { verdict: 'allowed', status: 101, server: 'envoy', took: 'instant' },
  '503 wrong version': {
    verdict: 'error',
    status: 503,
    bytes: 121,
    proxySays: connectError('remote connection failure'),
    clientLog:
      /^503 URX,UF upstream_reset_before_response_started\{remote_connection_failure\|TLS_error:.*WRONG_VERSION_NUMBER/,
    took: 'instant',
  },
  // How long it would have taken was not waited for.
  'nothing within 12 s': { took: 'time-out' },
  '503 of its own sidecar': { status: 503, server: 'envoy', fromUpstream: false, took: 'instant' },
  '200 decorated': {
    verdict: 'allowed',
    status: 200,
    server: 'istio-envoy',
    decorated: true,
    took: 'instant',
  },
  '200 of the sidecar': { status: 200, took: 'instant' },
  '503 no endpoint': {
    verdict: 'no endpoint',
    status: 503,
    bytes: 19,
    proxySays: 'no healthy upstream',
    serverLog: 'none',
    took: 'instant',
  },
  refused: {
    verdict: 'refused by mtls',
    stage: 'receive',
    error: 'ECONNRESET',
    serverLog: '0 NR filter_chain_not_found',
    took: 'instant',
  },
  'reset in the handshake': { stage: 'tls', error: 'ECONNRESET', took: 'instant' },
};

/** What is expected of a probe. */
export function expectedOf(probe: Probe, outcome: string): Expected {
  const alert = /^alert (\d+) (when read|in the handshake)$/.exec(outcome);
  if (alert !== null) {
    const stage = alert[2] === 'when read' ? 'receive' : 'tls';
    return { verdict: 'refused by mtls', stage, alert: Number(alert[1]), serverLog: 'none', took: 'instant' };
  }
  const known = outcomes[outcome];
  if (known === undefined) {
    if (!/^[2-5]\d\d$/.test(outcome)) throw new Error(`This is no outcome: ${outcome}`);
    return { verdict: 'allowed', status: Number(outcome), took: 'instant', ...hop(probe, true, outcome) };
  }
  // The Service `cold` allows a second for connecting; elsewhere it is Istio's ten.
  const took =
    outcome === '503' && probe.heat === 'cold' && isOfMesh(probe) ? { took: 'seconds' as const } : {};
  return { ...hop(probe, outcome.startsWith('403'), outcome), ...known, ...took };
}

/** What a proxy on the client's side adds to what came to it, or to its own answer. */
function hop(probe: Probe, fromServer: boolean, status: string): Expected {
  const proxy = probe.origin === 'gateway' ? 'istio-envoy' : isOfMesh(probe) ? 'envoy' : undefined;
  if (proxy === undefined || !/^[2-5]\d\d/.test(status)) return {};
  const clientLog = fromServer ? { clientLog: `${status.slice(0, 3)} - via_upstream` } : {};
  return { server: proxy, fromUpstream: fromServer, ...clientLog };
}
