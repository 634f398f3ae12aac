import { methodNotAllowed } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { refuseExec } from './exec-request.ts';
import { getLog } from './logs.ts';
import { getMany, getOne } from './read.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { createToken } from './token.ts';
import { createOne, deleteMany, deleteOne, patchOne, replaceOne } from './write.ts';

type Handler = (api: Api, target: Target, request: ApiRequest) => Reply;
type Methods = Readonly<Record<string, Handler>>;

const collection: Methods = { GET: getMany, POST: createOne, DELETE: deleteMany };
/** A collection of all namespaces can be read alone. */
const everywhere: Methods = { GET: getMany };
const one: Methods = { GET: getOne, PUT: replaceOne, PATCH: patchOne, DELETE: deleteOne };
const parts: Readonly<Record<string, Methods>> = {
  status: { GET: getOne, PUT: replaceOne, PATCH: patchOne },
  scale: { GET: getOne, PUT: replaceOne, PATCH: patchOne },
  finalize: { PUT: replaceOne },
  log: { GET: getLog },
  exec: { GET: refuseExec, POST: refuseExec },
  token: { POST: createToken },
};

/**
 * Answers a request for a resource.
 *
 * @returns undefined for a subresource that is not served.
 * @throws StatusError 405 for a method that the resource does not have, and whatever refuses the request.
 */
export function answerResource(api: Api, target: Target, request: ApiRequest): Reply | undefined {
  const methods = methodsOf(target);
  if (methods === undefined) return undefined;
  const handler = methods[request.method];
  if (handler === undefined) throw methodNotAllowed();
  return handler(api, target, request);
}

function methodsOf({ type, namespace, name, subresource }: Target): Methods | undefined {
  if (subresource !== undefined) {
    return type.subresources.includes(subresource) ? parts[subresource] : undefined;
  }
  if (name !== undefined) return one;
  if (type.namespaced && namespace === undefined) return everywhere;
  // Each namespace takes all that is in it along, so they are deleted one by one.
  if (type.group === '' && type.kind === 'Namespace') return { GET: getMany, POST: createOne };
  return collection;
}
