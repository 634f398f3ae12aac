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
    case 'EACCES':
      // A port that only root may take is no matter to Docker.
      return undefined;
    case undefined:
      return undefined;
    default:
      return nothingCan(address, code);
  }
}

/** A port of this machine that nothing listens on. */
export async function freePort(host: string): Promise<number> {
  const { port: free, code } = await tryToListen({ host, port: 0 });
  if (free === undefined) throw new UnfitError(`${nothingCan({ host, port: 0 }, code)}.`);
  return free;
}

function nothingCan(address: Address, code: string | undefined): string {
  return `Nothing can listen on ${address.port === 0 ? address.host : writeAddress(address)} here (${code})`;
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
