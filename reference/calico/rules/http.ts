import { normalisedPath } from '../path.ts';
import type { HttpMatch, HttpPath, HttpRequest } from '../policy.ts';

/** The rules that the one for an entry of a path clause is put together from. */
export interface PathRules {
  exactPathMatches: (rulePath: string, path: string) => boolean;
  prefixPathMatches: (rulePath: string, path: string) => boolean;
}

/** The rules that the one for a whole HTTP clause is put together from. */
export interface ClauseRules extends PathRules {
  methodMatches: (methods: readonly string[], method: string) => boolean;
  pathMatches: (entry: HttpPath, path: string, rules: PathRules) => boolean;
  rejectsPath: (path: string) => boolean;
}

/** How HTTP clauses match (Calico reference, GlobalNetworkPolicy, "HTTPMatch"). */
export const httpRules = {
  /** Methods are compared as they are written; none, or `*` among them, stands for any (HTTPMatch, `methods`). */
  methodMatches: (methods: readonly string[], method: string): boolean =>
    methods.length === 0 || methods.includes('*') || methods.includes(method),

  /** Equal when normalised (HTTPMatch, `paths`; normalised since the fix released with 3.32.0). */
  exactPathMatches: (rulePath: string, path: string): boolean => {
    const normalised = normalisedPath(path);
    return normalised !== undefined && normalised === normalisedPath(rulePath);
  },

  /** Begins with the rule's segments, both normalised (release notes of 3.32: `/pub` does not match `/public`). */
  prefixPathMatches: (rulePath: string, path: string): boolean => {
    const normalised = normalisedPath(path);
    const prefix = normalisedPath(rulePath);
    if (normalised === undefined || prefix === undefined) return false;
    return prefix === '/' || normalised === prefix || normalised.startsWith(`${prefix}/`);
  },

  /** One entry of a path clause: exact wins over prefix (calico `felix/calc/rule_convert.go`). */
  pathMatches: ({ exact, prefix = '/' }: HttpPath, path: string, rules: PathRules): boolean =>
    exact ? rules.exactPathMatches(exact, path) : rules.prefixPathMatches(prefix, path),

  /** A path that is none ends the evaluation where a rule names paths (calico `app-policy/checker/match.go`). */
  rejectsPath: (path: string): boolean => !path.startsWith('/'),

  /** Both halves must match, the methods first; within the paths, one is enough (HTTPMatch). */
  httpMatches: (
    { methods = [], paths = [] }: HttpMatch,
    { method, path }: HttpRequest,
    rules: ClauseRules,
  ): boolean | 'invalid' => {
    if (!rules.methodMatches(methods, method)) return false;
    if (paths.length === 0) return true;
    if (rules.rejectsPath(path)) return 'invalid';
    return paths.some((entry) => rules.pathMatches(entry, path, rules));
  },

  /**
   * Whether an HTTP clause lets a connection match on which no HTTP is spoken: it makes its rule match HTTP traffic
   * only (Calico reference, HTTPMatch). A clause that says nothing changes nothing.
   */
  httpMatchesConnection: ({ methods = [], paths = [] }: HttpMatch): boolean | 'invalid' =>
    methods.length === 0 && paths.length === 0,

  /** Felix does not look at HTTP clauses, so at L4 such a rule accepts by its other fields (alp.md, section 2). */
  httpMatchesAtL4: (_http: HttpMatch): boolean => true,
};
