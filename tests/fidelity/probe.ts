/** Where probes come from: outside through the gateway, a node, or a pod by `namespace/name`. */
export type Origin = string;

export type Destination = 'frontend' | 'echo' | 'clone' | 'lonely';

/** How HTTP is spoken: `upgrading` asks for HTTP/2 by HTTP/1.1, as `curl --http2` does. */
export type HttpForm = 'HTTP/1.1' | 'h2' | 'upgrading' | 'gRPC' | 'WebSocket';

/** A probe as the rows write it. */
export interface Probe {
  origin: Origin;
  /** Whether the client's sidecar must have an open connection, or must not; absent: both are tried. */
  heat: 'warm' | 'cold' | undefined;
  /** Where a pod goes to: a Service, or `address` for the pod's own. */
  by: string | undefined;
  tls: TlsClient | undefined;
  to: Destination;
  /** The container's. */
  port: number;
  /** Of HTTP: absent for a plain connection. */
  http?: { by: HttpForm; method: string; target: string };
  /** Of plain TCP: what is said; absent when a connection is all that is tried. */
  payload?: string;
}

export interface TlsClient {
  version: 'TLSv1.2' | 'TLSv1.3';
  /** A SPIFFE id or `namespace/serviceaccount` that the mesh's authority signs for, or what stands in its place. */
  certificate: string;
  alpn: string[] | undefined;
}

const pattern = new RegExp(
  [
    '^(?<origin>\\S+)',
    '(?: (?<heat>warm|cold))?',
    '(?: by (?<by>\\S+))?',
    '(?: over TLS (?<version>1\\.[23]))?',
    '(?: (?:as (?<identity>\\S+)|(?<odd>without|with a foreign|with a DNS) certificate))?',
    '(?: offering (?<alpn>\\S+))?',
    " (?:(?:(?<form>h2|upgrading) )?(?<method>[A-Z]+)|(?<own>gRPC|WebSocket)|(?<tcp>tcp)(?: '(?<payload>[^']+)')?|connect) ",
    '(?<to>[a-z]+)?(?::(?<port>\\d+))?(?<target>/.*)?$',
  ].join(''),
);

/**
 * Reads `ORIGIN [warm|cold] [by SERVICE] [over TLS 1.3] [as IDENTITY] [offering ALPN] METHOD [TO][:PORT]/PATH`, or with
 * `tcp ['PAYLOAD'] [TO]:PORT` or `connect TO:PORT` in place of the method and the path. Before the method may stand `h2`
 * or `upgrading`; `gRPC` and `WebSocket` stand for theirs. The gateway leads to the front end, everything else goes to
 * port 8080 of echo unless told otherwise.
 *
 * @returns undefined for what is no probe.
 */
export function parseProbe(text: string): Probe | undefined {
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { origin = '', heat, by, version, identity, odd, alpn, tcp, payload = 'hello\n' } = parts;
  const secure = version ?? identity ?? odd;
  return {
    origin,
    heat: heat as Probe['heat'],
    by,
    tls:
      secure === undefined
        ? undefined
        : {
            version: version === '1.2' ? 'TLSv1.2' : 'TLSv1.3',
            certificate: identity ?? odd ?? '',
            alpn: alpn === undefined ? undefined : [alpn],
          },
    to: (parts.to ?? (origin === 'gateway' ? 'frontend' : 'echo')) as Destination,
    port: Number(parts.port ?? '8080'),
    ...(tcp === undefined && httpOf(parts)),
    ...(tcp && { payload }),
  };
}

function httpOf({
  form = 'HTTP/1.1',
  method,
  own,
  target = '/',
}: Partial<Record<string, string>>): Pick<Probe, 'http'> {
  if (own !== undefined) {
    return { http: { by: own as HttpForm, method: own === 'gRPC' ? 'POST' : 'GET', target } };
  }
  return method === undefined ? {} : { http: { by: form as HttpForm, method, target } };
}

/** Whether the probe passes a sidecar of its own. */
export function isOfMesh({ origin }: Probe): boolean {
  return /^(ma|mb|srv)\/(alice|bob)$/.test(origin);
}

/** Whether the proxy on the client's side may be warm or cold: there are two ways to the destination then. */
export function hasTwoWays(probe: Probe): boolean {
  const { http, origin, by, to } = probe;
  if (http === undefined || by !== undefined) return false;
  return origin === 'gateway' || (isOfMesh(probe) && to === 'echo');
}
