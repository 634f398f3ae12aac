import type { ProbeError } from '../../fixtures/agent/protocol.ts';
import type { Judged } from '../../fixtures/probes/observe.ts';
import type { AccessLogEntry } from '../../fixtures/verdicts/verdict.ts';

/** What a probe tells that another run of the same probe must tell too: all that verdicts rest on, and how long it took. */
export interface Told {
  verdict: string;
  status?: number;
  /** Of the body. */
  bytes?: number;
  location?: string;
  /** Who says that it served: Envoy's name for itself. */
  server?: string;
  /** Whether an upstream answered, by the header that Envoy then adds. */
  fromUpstream?: boolean;
  /** Whether the application answered, by the header that only the echo sets. */
  fromEcho?: boolean;
  /** Whether the sidecar named the route, which it does for clients that have none of their own. */
  decorated?: boolean;
  /** The text of a proxy's own answer, of gRPC its message. */
  proxySays?: string;
  /** Status of gRPC. */
  code?: number;
  /** Whether the connection ends with the response. */
  closes?: boolean;
  /** Where a probe without a response ended, how, and by which TLS alert. */
  stage?: string;
  error?: string;
  alert?: number;
  /** Status, flags and details of the access log; `none` for no line. */
  serverLog?: string;
  clientLog?: string;
  took?: Took;
}

export type Took = 'instant' | 'seconds' | 'time-out';

/**
 * What is told of a probe; the logs only as far as they were found.
 *
 * @param pace of the proxies' time-outs; see `pace.ts`. The prober's own patience has none.
 */
export function toldOf(
  { observation, server, client }: Omit<Judged, 'request' | 'verdict'>,
  verdict: string,
  pace = 1,
): Told {
  const { response, error, timings } = observation;
  const logs = {
    ...(server && { serverLog: logged(server) }),
    ...(client && { clientLog: logged(client) }),
  };
  // Where this process was not let run, a clock that ticks for it was late as well.
  const busy = Math.max(1, pace);
  if (response === undefined) {
    return { verdict, ...(error && endOf(error)), ...logs, took: tookOf(timings.totalMs / busy) };
  }
  const { status, headers, body, bodyBytes, grpcStatus } = response;
  const fromUpstream = headers['x-envoy-upstream-service-time'] !== undefined;
  const said = headers['grpc-message']?.join() ?? body;
  const proxySays = headers.server !== undefined && !fromUpstream ? said : undefined;
  const scale = proxySays?.includes('timeout') === true ? pace : busy;
  return {
    verdict,
    status,
    bytes: bodyBytes,
    ...(headers.location && { location: headers.location.join() }),
    ...(headers.server && { server: headers.server.join() }),
    fromUpstream,
    fromEcho: headers['x-alp-echo'] !== undefined,
    decorated: headers['x-envoy-decorator-operation'] !== undefined,
    ...(proxySays !== undefined && { proxySays }),
    ...(grpcStatus !== undefined && { code: grpcStatus }),
    closes: headers.connection?.includes('close') === true,
    ...logs,
    // Istio's proxies try three times when they try again at all.
    took: tookOf(timings.totalMs / scale, proxySays?.includes('retried') === true ? 3 : 1),
  };
}

function endOf({ stage, code, alert }: ProbeError): Partial<Told> {
  return { stage, error: code, ...(alert !== undefined && { alert }) };
}

function logged({ status, flags, details }: AccessLogEntry): string {
  return `${status} ${flags.join(',') || '-'} ${details || '-'}`;
}

/**
 * The proxies' time-outs are of one second or of ten for each attempt; the bound between is far from both.
 *
 * @param attempts how often it was tried, as far as is known.
 */
export function tookOf(ms: number, attempts = 1): Took {
  if (ms < 1_500) return 'instant';
  return ms / attempts < 3_200 ? 'seconds' : 'time-out';
}

/** What must be told; what is left out may be anything, and a pattern stands for any text that it matches. */
export type Expected = { [Field in keyof Told]?: Told[Field] | RegExp };

/** Where what was seen is not as expected, each in a sentence. */
export function differencesBetween(expected: Expected, seen: Told): string[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    const is = seen[field as keyof Told] ?? 'none';
    const fits = value instanceof RegExp ? value.test(String(is)) : value === is;
    return fits ? [] : [`${field} is ${is}, recorded ${value}`];
  });
}
