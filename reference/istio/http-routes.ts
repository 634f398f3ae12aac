import type { IstioRules } from '../rules/istio.ts';
import type { RoutedRequest } from './route.ts';
import type { HttpMatch, HttpRoute, VirtualService } from './virtual-service.ts';

/** A VirtualService's route, and the namespace in which it names its destinations. */
export interface FoundRoute {
  route: HttpRoute;
  namespace: string;
}

/**
 * The first route that a request takes. Routes come in the order of the VirtualServices and of each one's list; one
 * that takes every request ends its list, and comes after the routes of all others (istio
 * `pilot/pkg/networking/core/route/route.go` SortVHostRoutes).
 *
 * @param via `mesh`, or the name of the Gateway that the request came by.
 */
export function firstRoute(
  services: readonly VirtualService[],
  via: string,
  request: RoutedRequest,
  rules: IstioRules,
): FoundRoute | undefined {
  const found = services.flatMap(({ http, namespace }) => {
    const end = http.findIndex((route) => isCatchAll(route));
    return http.slice(0, end < 0 ? http.length : end + 1).map((route) => ({ route, namespace }));
  });
  const takes = ({ route: { match = [] } }: FoundRoute) =>
    match.length === 0 || match.some((one) => isFor(one, via) && rules.routeMatches(one, request));
  return (
    found.find((one) => !isCatchAll(one.route) && takes(one)) ??
    found.find((one) => isCatchAll(one.route) && takes(one))
  );
}

function isCatchAll({ match = [] }: HttpRoute): boolean {
  return match.length === 0 || match.some(saysNothing);
}

function saysNothing({ uri, ...rest }: HttpMatch): boolean {
  const { ignoreUriCase: _, ...conditions } = rest;
  return (uri === undefined || uri.prefix === '/') && Object.keys(conditions).length === 0;
}

function isFor({ gateways }: HttpMatch, via: string): boolean {
  return gateways === undefined || gateways.includes(via);
}
