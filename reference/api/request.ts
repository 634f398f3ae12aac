import type { IncomingHttpHeaders } from 'node:http';
import type { User } from '../authorization/user.ts';

/** A request with its whole body. */
export interface ApiRequest {
  method: string;
  pathname: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  user: User;
  body: Buffer;
}

/** Whether a query parameter is on: `true`, `1`, or present without a value, as Go reads booleans. */
export function isOn(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}
