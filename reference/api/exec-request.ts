import { badRequest } from '../store/status-error.ts';
import type { Api, Target } from './api.ts';
import { containerFor } from './container.ts';
import { type ApiRequest, isOn } from './request.ts';

/** What is to be run, and which of its streams the client wants. */
export interface ExecRequest {
  namespace: string;
  pod: string;
  container: string;
  command: string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  /** A terminal has one output only. */
  tty: boolean;
}

/**
 * Reads the query of an exec.
 *
 * @throws StatusError 404 for no such pod; 400 for no such container, several to choose from, no command, or no
 *   stream.
 */
export function execRequest(api: Api, target: Target, query: URLSearchParams): ExecRequest {
  const container = containerFor(api, target, query);
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least one command for the container');
  const tty = isOn(query, 'tty');
  const streams = {
    stdin: isOn(query, 'stdin'),
    stdout: isOn(query, 'stdout'),
    stderr: isOn(query, 'stderr') && !tty,
  };
  if (!Object.values(streams).includes(true)) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  const { namespace = '', name = '' } = target;
  return { namespace, pod: name, container, command, tty, ...streams };
}

/**
 * What an exec that asks for no WebSocket gets. The request is checked all the same: kubectl comes back by POST when
 * its WebSocket is refused, and shows that answer.
 *
 * @throws StatusError always.
 */
export function refuseExec(api: Api, target: Target, { query }: ApiRequest): never {
  execRequest(api, target, query);
  throw badRequest('exec is served over WebSocket only: send GET with "Upgrade: websocket"');
}
