import { methodNotAllowed } from '../store/status-error.ts';
import { type Api, targetOf } from './api.ts';
import { objectIn } from './body.ts';
import { discoveryAt } from './discovery.ts';
import { openApiAt } from './openapi.ts';
import { json, pageNotFound, type Reply, refusal, text } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { resourcePath } from './request-path.ts';
import { answerResource } from './resources.ts';
import { answered, reviews } from './reviews.ts';
import { versionInfo } from './version.ts';

/** Answers a request; what refuses it becomes a Status. */
export function answer(api: Api, request: ApiRequest): Reply {
  try {
    return informationAt(api, request) ?? reviewAt(api, request) ?? resourceAt(api, request) ?? pageNotFound;
  } catch (error) {
    return refusal(error);
  }
}

const healthy = new Set(['/healthz', '/livez', '/readyz']);

/** What the server tells of itself. */
function informationAt(api: Api, { method, pathname, headers }: ApiRequest): Reply | undefined {
  const reply = fixedAt(api, pathname.replace(/(?<=.)\/$/, ''), headers.accept);
  if (reply !== undefined && method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  return reply;
}

function fixedAt(api: Api, pathname: string, accept: string | undefined): Reply | undefined {
  if (healthy.has(pathname)) return text('ok');
  if (pathname === '/version') return json(versionInfo(api.version));
  return (
    openApiAt(api.catalogue, pathname, accept, api.version) ?? discoveryAt(api.catalogue, pathname, accept)
  );
}

function reviewAt({ store }: Api, request: ApiRequest): Reply | undefined {
  const path = resourcePath(request.pathname);
  const review = reviews.find(
    ({ type }) =>
      path?.group === type.group && path.plural === type.plural && type.versions.includes(path.version),
  );
  if (review === undefined || path?.name !== undefined) return undefined;
  if (request.method !== 'POST') throw methodNotAllowed();
  return json(answered(review, objectIn(request), request.user, store), 201);
}

function resourceAt(api: Api, request: ApiRequest): Reply | undefined {
  const path = resourcePath(request.pathname);
  const target = path && targetOf(api, path);
  return target && answerResource(api, target, request);
}
