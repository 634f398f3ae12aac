/** What Envoy asks Dikastes about (envoy `service/auth/v3`, the attributes that Dikastes reads). */
export interface CheckRequest {
  source: {
    address: string;
    port: number;
    /** The URI of the client certificate; empty for plaintext. */
    principal: string;
  };
  /** The pod's own address and the container's port. */
  destination: { address: string; port: number };
  /** Absent when the connection as a whole is asked about (the network filter). */
  http?: { method: string; path: string };
}

/** `google.rpc.Code`, as far as Dikastes uses it. */
export type CheckStatus =
  | 'OK'
  | 'UNKNOWN'
  | 'INVALID_ARGUMENT'
  | 'PERMISSION_DENIED'
  | 'INTERNAL'
  | 'UNAVAILABLE';

/** What Envoy gets: an answer of Dikastes, or none because nothing listens on its socket. */
export type CheckResult = CheckStatus | 'no answer';
