import { withoutQuery } from '../../fixtures/oracle/path.ts';
import { compare, type Promises, promise } from '../../fixtures/oracle/promise.ts';

/** Mistakes that a checker may make: each a function in the place of the right one. */
export const mistakes: Readonly<Record<string, Partial<Promises>>> = {
  'a rule for GET covers HEAD': {
    isListedMethod: (methods, method) =>
      promise.isListedMethod(methods, method) || (methods.includes('GET') && method === 'HEAD'),
  },
  'methods in any case': {
    isListedMethod: (methods, method) =>
      promise.isListedMethod(
        methods.map((listed) => listed.toUpperCase()),
        method.toUpperCase(),
      ),
  },
  'prefixes of text instead of segments': {
    isListedPath: (paths, path) =>
      promise.isListedPath(paths, path) ||
      paths.some((match) => 'prefix' in match && withoutQuery(path).startsWith(match.prefix)),
  },
  'exact paths as prefixes': {
    isListedPath: (paths, path) =>
      promise.isListedPath(
        paths.map((match) => ('exact' in match ? { prefix: match.exact } : match)),
        path,
      ),
  },
  'an empty path is the root': {
    isListedPath: (paths, path) => promise.isListedPath(paths, path === '' ? '/' : path),
  },
  'policies in the order of their names alone': {
    comparePolicies: (a, b) => compare(a.name, b.name),
  },
  'every tier denies at its end': {
    tiersInForce: (tiers) => tiers.map((tier) => ({ ...tier, defaultAction: 'Deny' })),
  },
  'policies of egress deny ingress': { hasSay: () => true },
  '`notNets` overlooked': { isExcludedNet: () => false },
  '`notPorts` overlooked': { isExcludedPort: () => false },
  'staged policies left out': { isEnforced: (policy) => !policy.staged },
  'peers without a certificate refused': {
    answerBeforePolicies: (peer) => (peer === 'nobody' ? 'PERMISSION_DENIED' : undefined),
  },
};
