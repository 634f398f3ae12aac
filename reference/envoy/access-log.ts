import { endpoint } from '../../fixtures/agent/address.ts';
import type { HttpVersion } from './message.ts';

/** One end of a connection, as the log writes it. */
export interface Place {
  address: string | undefined;
  port: number | undefined;
}

/** What a line of the access log tells of one request, or of one connection that was no HTTP. */
export interface LogEntry {
  started: Date;
  /** Absent when nothing was understood of the request. */
  method?: string | undefined;
  path?: string | undefined;
  /** Absent when it was no HTTP at all. */
  version?: HttpVersion | undefined;
  status: number;
  flags: readonly string[];
  details?: string | undefined;
  transportFailure?: string | undefined;
  received: number;
  sent: number;
  durationMs: number;
  upstreamMs?: number | undefined;
  forwardedFor?: string | undefined;
  userAgent?: string | undefined;
  requestId?: string | undefined;
  authority?: string | undefined;
  upstreamHost?: Place | undefined;
  upstreamCluster?: string | undefined;
  upstreamLocal?: Place | undefined;
  downstreamLocal: Place;
  downstreamRemote: Place;
  servername?: string | undefined;
  route?: string | undefined;
}

/**
 * A line in Istio's default text format (istio `pilot/pkg/model/telemetry_logging.go`, `EnvoyTextLogFormat`).
 * What is absent is a dash, and spaces within an unquoted field are underscores.
 */
export function accessLogLine(entry: LogEntry): string {
  const { method, path, version } = entry;
  return [
    `[${entry.started.toISOString()}]`,
    quoted(`${method ?? '-'} ${path ?? '-'} ${version ?? '-'}`),
    String(entry.status),
    bare(entry.flags.join(',')),
    bare(entry.details),
    '-',
    quoted(entry.transportFailure),
    String(entry.received),
    String(entry.sent),
    String(Math.round(entry.durationMs)),
    bare(entry.upstreamMs === undefined ? undefined : String(entry.upstreamMs)),
    quoted(entry.forwardedFor),
    quoted(entry.userAgent),
    quoted(entry.requestId),
    quoted(entry.authority),
    quoted(place(entry.upstreamHost)),
    bare(entry.upstreamCluster),
    bare(place(entry.upstreamLocal)),
    bare(place(entry.downstreamLocal)),
    bare(place(entry.downstreamRemote)),
    bare(entry.servername),
    bare(entry.route),
  ].join(' ');
}

function bare(value: string | undefined): string {
  return value === undefined || value === '' ? '-' : value.replaceAll(' ', '_');
}

// A quote of the client's own would end the field early.
function quoted(value: string | undefined): string {
  return `"${(value ?? '-').replaceAll('"', '\\"')}"`;
}

function place(place: Place | undefined): string | undefined {
  if (place?.address === undefined || place.port === undefined) return undefined;
  return endpoint(place.address, place.port);
}
