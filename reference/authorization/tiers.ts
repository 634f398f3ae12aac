import semver from 'semver';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { keyOf, type ResourceType } from '../store/resource-type.ts';
import type { Store } from '../store/store.ts';
import type { ResourceAttributes } from './attributes.ts';
import { type Check, forbiddenTo } from './check.ts';

const group = 'projectcalico.org';
/** Before this release Calico has no tiers that anyone could be kept out of. */
const since = '3.30.0';
const defaultTier = 'default';

const tiered = new Set([
  'networkpolicies',
  'globalnetworkpolicies',
  'stagednetworkpolicies',
  'stagedglobalnetworkpolicies',
  'stagedkubernetesnetworkpolicies',
]);

/** What is written, as far as it says a tier. */
export interface Written {
  type: ResourceType;
  /** The object that is created, or a patch. */
  body: () => unknown;
}

/**
 * What Calico itself asks about its policies, beside what the API server asks: `get` on the tier, and the request's own
 * verb on `tier.<policies>`, by the name of the policy or by `<tier>.*` (calico `apiserver/pkg/registry/projectcalico/
 * authorizer/authorizer.go`). Its API server asks about every request. As custom resources, a webhook asks about what is
 * written, and in the words of admission: a patch is a CREATE or an UPDATE (`webhooks/pkg/rbac/rbac.go`).
 *
 * A list is of the tiers that its user may see; here it is refused where that is not all of them.
 */
export function tierChecks(store: Store, attributes: ResourceAttributes, written: Written): Check[] {
  if (attributes.group !== group || !tiered.has(attributes.resource)) return [];
  const information = store.find(`ClusterInformation.${group}`, 'default');
  const { calicoVersion } = (information?.spec ?? {}) as { calicoVersion?: string };
  if (semver.lt(semver.coerce(calicoVersion) ?? '0.0.0', since)) return [];
  const existing = store.find(keyOf(written.type), attributes.name, attributes.namespace || undefined);
  const ownServer = isAggregated(store);
  const verb = ownServer ? attributes.verb : operations(attributes.verb, existing);
  if (verb === undefined) return [];
  const body = written.body();
  const tiers = new Set([
    ...(existing === undefined ? [] : [tierOf(existing)]),
    ...(attributes.verb === 'create' || attributes.verb === 'patch' ? [tierOf(body, existing)] : []),
  ]);
  const asked =
    tiers.size > 0 ? tiers : new Set(store.list(`Tier.${group}`).map(({ metadata }) => metadata.name));
  const name = attributes.name || nameOf(body);
  return [...asked].flatMap((tier) => checksOf({ ...attributes, verb, name }, tier, ownServer));
}

/** Whether Calico has an API server of its own, which the kubelets' one only passes on to. */
function isAggregated(store: Store): boolean {
  const service = store.find('APIService.apiregistration.k8s.io', `v3.${group}`);
  return (service?.spec as { service?: unknown } | undefined)?.service !== undefined;
}

/** The verb that a webhook makes of an admission's operation; undefined for what is not admitted. */
function operations(verb: string, existing: KubeObject | undefined): string | undefined {
  if (verb === 'patch') return existing === undefined ? 'create' : 'update';
  return verb === 'create' || verb === 'update' || verb === 'delete' ? verb : undefined;
}

function tierOf(object: unknown, otherwise?: KubeObject): string {
  const { tier } = (isObject(object) && isObject(object.spec) ? object.spec : {}) as JsonObject;
  if (typeof tier === 'string' && tier !== '') return tier;
  return otherwise === undefined ? defaultTier : tierOf(otherwise);
}

/** The name of a new object, which its path does not tell. */
function nameOf(object: unknown): string {
  const metadata = isObject(object) && isObject(object.metadata) ? object.metadata : {};
  return typeof metadata.name === 'string' ? metadata.name : '';
}

function checksOf(attributes: ResourceAttributes, tier: string, ownServer: boolean): Check[] {
  const { verb, resource, namespace } = attributes;
  const scoped = { ...attributes, resource: `tier.${resource}` };
  const where = namespace === '' ? `in tier "${tier}"` : `in tier "${tier}" and namespace "${namespace}"`;
  const refuse = (userName: string, addition: string) => {
    const why = `User "${userName}" cannot ${verb} ${resource}.${group} ${where}${addition}`;
    const refusal = forbiddenTo(attributes, why);
    const webhook = 'admission webhook "tiered-rbac.projectcalico.org" denied the request';
    if (!ownServer) refusal.message = `${webhook}: Authorization failed: ${refusal.message}`;
    return refusal;
  };
  const getTier = { verb: 'get', group, resource: 'tiers', subresource: '', namespace: '', name: tier };
  return [
    { anyOf: [getTier], refusal: ({ name }) => refuse(name, ' (user cannot get tier)') },
    { anyOf: [scoped, { ...scoped, name: `${tier}.*` }], refusal: ({ name }) => refuse(name, '') },
  ];
}
