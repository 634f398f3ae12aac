import type { Attributes } from '../authorization/attributes.ts';
import { isAllowed, rulesFor } from '../authorization/rbac.ts';
import type { User } from '../authorization/user.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import type { ResourceType } from '../store/resource-type.ts';
import { selfSubjectAccessReview } from '../store/resource-types.ts';
import type { Store } from '../store/store.ts';

/** A kind that is created to get an answer, and never stored. */
export interface Review {
  type: ResourceType;
  /** The status it is answered with. */
  status: (spec: JsonObject, user: User, store: Store) => JsonObject;
}

export const reviews: readonly Review[] = [
  {
    type: selfSubjectAccessReview,
    status: (spec, user, store) => ({ allowed: isAllowed(store, user, attributesIn(spec)) }),
  },
  {
    type: reviewType('authorization.k8s.io', 'SelfSubjectRulesReview'),
    status: ({ namespace }, user, store) => {
      const rules = rulesFor(store, user, typeof namespace === 'string' ? namespace : '');
      return {
        resourceRules: rules.filter(({ resources }) => resources !== undefined),
        nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined),
        incomplete: false,
      };
    },
  },
  {
    type: reviewType('authentication.k8s.io', 'SelfSubjectReview'),
    status: (_spec, { name, groups }) => ({
      userInfo: { username: name, groups: [...groups] },
    }),
  },
];

/** What a review becomes when it is created. */
export function answered(review: Review, body: JsonObject, user: User, store: Store): JsonObject {
  const { type } = review;
  return {
    apiVersion: `${type.group}/${type.versions[0]}`,
    kind: type.kind,
    metadata: isObject(body.metadata) ? body.metadata : {},
    ...(isObject(body.spec) && { spec: body.spec }),
    status: review.status(isObject(body.spec) ? body.spec : {}, user, store),
  };
}

/** What a SelfSubjectAccessReview asks about. */
function attributesIn({ resourceAttributes, nonResourceAttributes }: JsonObject): Attributes {
  const said = (from: unknown, field: string) => {
    const value = isObject(from) ? from[field] : undefined;
    return typeof value === 'string' ? value : '';
  };
  if (isObject(nonResourceAttributes)) {
    return { verb: said(nonResourceAttributes, 'verb'), path: said(nonResourceAttributes, 'path') };
  }
  const resource = (field: string) => said(resourceAttributes, field);
  return {
    verb: resource('verb'),
    group: resource('group'),
    resource: resource('resource'),
    subresource: resource('subresource'),
    namespace: resource('namespace'),
    name: resource('name'),
  };
}

function reviewType(group: string, kind: string): ResourceType {
  return {
    group,
    kind,
    versions: ['v1'],
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [],
    namespaced: false,
    subresources: [],
  };
}
