import { createServer } from 'node:net';
import { type Address, writeAddress } from '../../../runbook/address.ts';
import { UnfitError } from '../../preflight.ts';

/** Why nothing can listen on an address of this machine, in one sentence without its stop; undefined when it can. */
export async function whyNotAt(address: Address): Promise<string | undefined> {
  const { code } = await tryToListen(address);
  switch (code) {
    case 'EADDRINUSE':
      return `Something listens on ${writeAddress(address)} already`;
    case 'EADDRNOTAVAIL':
      return `${address.host} is no address of this machine`;
    default:
      // A port that only root may take is no matter to Docker.
      return undefined;
  }
}

/** A port of this machine that nothing listens on. */
export async function freePort(host: string): Promise<number> {
  const { port: free, code } = await tryToListen({ host, port: 0 });
  if (free === undefined) throw new UnfitError(`Nothing can listen on ${host} here (${code}).`);
  return free;
}

async function tryToListen(address: Address): Promise<{ port?: number; code?: string }> {
  const { promise, resolve } = Promise.withResolvers<{ port?: number; code?: string }>();
  const server = createServer();
  server.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => resolve({ code }));
  server.listen({ ...address, exclusive: true }, () => {
    const { port: listening } = server.address() as { port: number };
    server.close(() => resolve({ port: listening }));
  });
  return promise;
}
