import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { parseDuration } from './duration.ts';

interface Match {
  [field: string]: unknown;
}

interface HttpRoute {
  match?: Match[];
  route?: { destination?: { host?: string; subset?: string } }[];
  directResponse?: object;
  [field: string]: unknown;
}

const routeFields = new Set(['name', 'match', 'route', 'directResponse', 'retries', 'timeout']);
const matchFields = new Set([
  'name',
  'uri',
  'ignoreUriCase',
  'method',
  'authority',
  'headers',
  'withoutHeaders',
  'gateways',
]);

/** What is wrong with a VirtualService, in one sentence; undefined when it can be followed. */
export function virtualServiceProblem(object: KubeObject): string | undefined {
  const { hosts, http, tcp, tls } = specOf(object);
  if (!isList(hosts) || hosts.length === 0) return 'virtual service must have at least one host';
  if (tcp !== undefined || tls !== undefined) return unknown('VirtualService tcp and tls routes');
  if (!isList(http) || http.length === 0) return 'http, tcp or tls must be provided in virtual service';
  return first(http as HttpRoute[], routeProblem);
}

function routeProblem(route: HttpRoute): string | undefined {
  const { match = [], route: destinations = [], directResponse } = route;
  const stranger = Object.keys(route).find((field) => !routeFields.has(field));
  if (stranger !== undefined) return unknown(`VirtualService http ${stranger}`);
  if (!isList(match) || !isList(destinations)) return 'match and route must be lists';
  if (directResponse !== undefined && destinations.length > 0) {
    return 'HTTP route cannot contain both route and direct_response';
  }
  if (directResponse === undefined && destinations.length === 0) {
    return 'HTTP route, redirect or direct_response is required';
  }
  return first(destinations, destinationProblem) ?? first(match, matchProblem);
}

function destinationProblem({
  destination,
}: {
  destination?: { host?: string; subset?: string };
}): string | undefined {
  if (destination?.host === undefined) return 'destination must have a host';
  return destination.subset === undefined ? undefined : unknown('VirtualService destination subset');
}

function matchProblem(match: Match): string | undefined {
  const stranger = Object.keys(match).find((field) => !matchFields.has(field));
  if (stranger !== undefined) return unknown(`VirtualService match ${stranger}`);
  const { uri, method, authority, headers = {}, withoutHeaders = {} } = match;
  const values = [uri, method, authority, ...Object.values(headers as object)];
  return first([...values, ...Object.values(withoutHeaders as object)], expressionProblem);
}

function expressionProblem(match: unknown): string | undefined {
  const { regex } = (match ?? {}) as { regex?: string };
  if (regex === undefined) return undefined;
  try {
    new RegExp(regex);
    return undefined;
  } catch {
    return `${JSON.stringify(regex)} is not a regular expression`;
  }
}

/** What is wrong with a Gateway, in one sentence. */
export function gatewayProblem(object: KubeObject): string | undefined {
  const { servers } = specOf(object);
  if (!isList(servers) || servers.length === 0) return 'gateway must have at least one server';
  return first(servers as { port?: { number?: number }; hosts?: unknown }[], ({ port, hosts }) => {
    if (typeof port?.number !== 'number') return 'server must have a port';
    return isList(hosts) && hosts.length > 0 ? undefined : 'server config must contain at least one host';
  });
}

/** What is wrong with a DestinationRule, in one sentence. */
export function destinationRuleProblem(object: KubeObject): string | undefined {
  const { host, subsets, trafficPolicy = {} } = specOf(object);
  if (typeof host !== 'string' || host === '') return 'destination rule must have a host';
  if (subsets !== undefined) return unknown('DestinationRule subsets');
  const { connectionPool, portLevelSettings } = trafficPolicy as {
    connectionPool?: { tcp?: { connectTimeout?: string } };
    portLevelSettings?: unknown;
  };
  if (portLevelSettings !== undefined) return unknown('DestinationRule portLevelSettings');
  const timeout = connectionPool?.tcp?.connectTimeout;
  if (timeout === undefined || parseDuration(timeout) !== undefined) return undefined;
  return `connectTimeout ${JSON.stringify(timeout)} is not a duration`;
}

function specOf(object: KubeObject): Record<string, unknown> {
  return (object.spec ?? {}) as Record<string, unknown>;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function first<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknown(what: string): string {
  return `the reference mesh does not know ${what}`;
}
