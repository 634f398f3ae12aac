import { isObject, type JsonObject } from '../store/json.ts';
import type { ResourceType } from '../store/resource-type.ts';
import { selfSubjectAccessReview } from '../store/resource-types.ts';
import type { User } from './request.ts';

/** A kind that is created to get an answer, and never stored. */
export interface Review {
  type: ResourceType;
  /** The status it is answered with. */
  status: (spec: JsonObject, user: User) => JsonObject;
}

const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** The one user may do everything, as a member of `system:masters` does. */
export const reviews: readonly Review[] = [
  {
    type: selfSubjectAccessReview,
    status: () => ({ allowed: true, reason: 'the reference mesh allows its user everything' }),
  },
  {
    type: reviewType('authorization.k8s.io', 'SelfSubjectRulesReview'),
    status: () => ({
      resourceRules: [everything],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    }),
  },
  {
    type: reviewType('authentication.k8s.io', 'SelfSubjectReview'),
    status: (_spec, { name, groups }) => ({
      userInfo: { username: name, groups: [...groups, 'system:authenticated'] },
    }),
  },
];

/** What a review becomes when it is created. */
export function answered(review: Review, body: JsonObject, user: User): JsonObject {
  const { type } = review;
  return {
    apiVersion: `${type.group}/${type.versions[0]}`,
    kind: type.kind,
    metadata: isObject(body.metadata) ? body.metadata : {},
    ...(isObject(body.spec) && { spec: body.spec }),
    status: review.status(isObject(body.spec) ? body.spec : {}, user),
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
