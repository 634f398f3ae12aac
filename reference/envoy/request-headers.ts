import { randomUUID } from 'node:crypto';
import type { Side } from '../rules/envoy.ts';
import type { Downstream } from './exchange.ts';
import type { Request } from './message.ts';

/**
 * Adds the header lines by which a proxy tells the next where a request came from, and drops what only clients claim
 * (envoy `source/common/http/conn_manager_utility.cc`, `mutateRequestHeaders`). Only a gateway is an edge that writes
 * down the client's address (istio: `use_remote_address` at gateways).
 */
export function addForwarded(request: Request, side: Side, { remote }: Downstream): void {
  const { headers } = request;
  delete headers.expect;
  if (request.authority !== undefined) headers.host = [request.authority];
  if (side === 'gateway') {
    const address = remote.address ?? '';
    headers['x-forwarded-for'] = [[...(headers['x-forwarded-for'] ?? []), address].join(',')];
    headers['x-forwarded-proto'] = ['http'];
  }
  headers['x-forwarded-proto'] ??= ['http'];
  headers['x-request-id'] ??= [randomUUID()];
  // Only the inbound side knows the certificate of who speaks to it.
  if (side !== 'inbound') delete headers['x-forwarded-client-cert'];
}
