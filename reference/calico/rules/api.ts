/** What Calico's API takes in. */
export const apiRules = {
  /**
   * Whether it looks at what the fields of a policy say and not at their types alone: at the paths and methods of HTTP
   * clauses, where such a clause may stand, and whether selectors parse (Calico reference, GlobalNetworkPolicy).
   */
  checksPolicies: (): boolean => true,
  /** Whether an HTTP clause may list no more than so many methods and paths, and no longer ones (`policy_common.go`). */
  limitsHttpClauses: (): boolean => true,
};
