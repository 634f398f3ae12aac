import type { CalicoRules } from '../rules/calico.ts';
import type { CheckRequest, CheckStatus } from './check.ts';
import type { Entity, Rule } from './compile.ts';
import { addressMatches } from './entity.ts';
import type { HttpMatch } from './policy.ts';
import { protocolMatches, versionMatches } from './rule.ts';
import type { Principal } from './rules/identity.ts';
import { evaluate } from './tiers.ts';
import type { View } from './view.ts';

/** A request with what is the same for all rules. */
interface Subject {
  request: CheckRequest;
  principal: Principal;
  view: View;
}

/**
 * What Dikastes beside a pod answers about a request, or a connection on which no HTTP is spoken. It evaluates
 * ingress only (calico `app-policy/checker/check.go`).
 *
 * @param pod `namespace/name`.
 */
export function checkRequest(
  view: View,
  pod: string,
  request: CheckRequest,
  rules: CalicoRules,
): CheckStatus {
  const endpoint = view.endpointOf(pod);
  if (endpoint === undefined) return rules.unknownEndpointStatus();
  const principal = rules.principalOf(request.source.principal);
  if (rules.refusesPrincipal(principal)) return rules.statusOf('deny');
  const subject = { request, principal, view };
  const matches = (rule: Rule) => ruleMatches(rule, subject, rules);
  return rules.statusOf(evaluate({ view, endpoint, direction: 'Ingress', layer: 'L7' }, matches, rules));
}

function ruleMatches(rule: Rule, subject: Subject, rules: CalicoRules): boolean | 'invalid' {
  const { view, request } = subject;
  if (!versionMatches(rule, request.source.address, 'L7', rules)) return false;
  const byAddress = addressMatches(rule.source, request.source, view, 'L7', rules);
  if (!rules.bothFactors(identityMatches(rule.source, subject, rules), byAddress)) return false;
  if (!addressMatches(rule.destination, request.destination, view, 'L7', rules)) return false;
  // A path that is none ends the evaluation before the protocol is looked at.
  const byHttp = httpMatches(rule.http, request.http, rules);
  return byHttp === true ? protocolMatches(rule, rules) : byHttp;
}

function httpMatches(
  clause: HttpMatch | undefined,
  request: CheckRequest['http'],
  rules: CalicoRules,
): boolean | 'invalid' {
  if (clause === undefined) return true;
  return request === undefined
    ? rules.httpMatchesConnection(clause)
    : rules.httpMatches(clause, request, rules);
}

/** Whether the principal is what the rule's source says about service accounts and namespaces. */
function identityMatches(source: Entity, { principal, view }: Subject, rules: CalicoRules): boolean {
  const { serviceAccounts, namespaceSelector, ownNamespace } = source;
  if (!(serviceAccounts ?? namespaceSelector ?? ownNamespace)) return true;
  if (principal.kind !== 'service account') return rules.matchesWithoutAccount(principal.kind);
  const { namespace, name } = principal;
  if (ownNamespace !== undefined && ownNamespace !== namespace) return false;
  if (!(namespaceSelector?.matches(view.labelsOfNamespace(namespace)) ?? true)) return false;
  const account = { name, labels: view.labelsOfServiceAccount(namespace, name) };
  return serviceAccounts === undefined || rules.serviceAccountMatches(serviceAccounts, account);
}
