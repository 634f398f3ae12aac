import type { Api, Target } from './api.ts';
import { objectIn } from './body.ts';
import { findTarget } from './read.ts';
import { json, type Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** Answers POST of a TokenRequest to a service account. */
export function createToken(api: Api, target: Target, request: ApiRequest): Reply {
  const { name, namespace = '', uid } = findTarget(api, target).metadata;
  return json(api.tokens.issue({ name, namespace, uid }, objectIn(request)), 201);
}
