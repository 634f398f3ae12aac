import type { LogQuery } from '../cluster/pod-access.ts';
import { badRequest } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { containerFor } from './container.ts';
import { numberIn } from './list.ts';
import { type Reply, text } from './reply.ts';
import { type ApiRequest, isOn } from './request.ts';

/** Answers GET of a container's log, as it is or while it grows. */
export function getLog(api: Api, target: Target, { query }: ApiRequest): Reply {
  const { namespace = '', name = '' } = target;
  const container = containerFor(api, target, query);
  const options = logQuery(query);
  if (options.follow !== true) return text(api.pods.logs(namespace, name, container, options));
  // Refused before the stream begins, while there is still a status to say so with.
  api.pods.logs(namespace, name, container, { ...options, follow: false, limitBytes: 0 });
  return {
    form: 'stream',
    contentType: 'text/plain; charset=utf-8',
    start: ({ write, end }) => api.pods.follow(namespace, name, container, options, { write, end }),
  };
}

function logQuery(query: URLSearchParams): LogQuery {
  const numbers = ['sinceSeconds', 'tailLines', 'limitBytes'] as const;
  const switches = ['previous', 'timestamps', 'follow'] as const;
  return Object.fromEntries([
    ...sinceTime(query),
    ...numbers.flatMap((name) => {
      const value = numberIn(query, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
    ...switches.filter((name) => isOn(query, name)).map((name) => [name, true] as const),
  ]);
}

/** A moment to begin at, as the seconds that have passed since; there are fewer than none until it comes. */
function sinceTime(query: URLSearchParams): ['sinceSeconds', number][] {
  const asked = query.get('sinceTime') ?? '';
  if (asked === '') return [];
  const time = Date.parse(asked);
  if (Number.isNaN(time)) throw badRequest(`sinceTime: Invalid value: "${asked}": must be a time`);
  if (query.get('sinceSeconds')) {
    throw badRequest('sinceTime: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  return [['sinceSeconds', (Date.now() - time) / 1000]];
}
