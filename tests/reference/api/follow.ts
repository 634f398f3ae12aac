import type { IncomingMessage } from 'node:http';
import { request as send } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { ApiServer } from '../../../reference/api/server.ts';

export interface Followed {
  type: string;
  object: KubeObject;
}

/** A stream of lines that stays open. */
export interface Following<T> {
  /** The next line, as soon as it is there. */
  next: () => Promise<T>;
  /** Breaks the connection. */
  drop: () => void;
}

/** Opens a watch; it has begun when this returns. */
export async function follow(server: ApiServer, path: string): Promise<Following<Followed>> {
  const { next, drop } = await followLines(server, path);
  return { next: async () => JSON.parse(await next()) as Followed, drop };
}

export async function followLines(
  { url, ca, clientCertificate, clientKey }: ApiServer,
  path: string,
  headers: Record<string, string> = {},
): Promise<Following<string>> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { ca, cert: clientCertificate, key: clientKey, headers, agent: false };
    send(url + path, options, resolve)
      .once('error', reject)
      .end();
  });
  // Broken on purpose by `drop`, or by the end of the server.
  response.on('error', () => {});
  const lines = createInterface(response)[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error('The stream has ended.');
      return value;
    },
    drop: () => response.destroy(),
  };
}
