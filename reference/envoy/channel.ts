import type { Headers } from '../../fixtures/agent/http-message.ts';
import type { VirtualSocket } from '../network/interface.ts';
import type { Request, Response } from './message.ts';
import type { UpstreamConnection } from './upstream.ts';

/** What an upstream answered, and whether its connection may carry another request. */
export interface Answer {
  response: Response;
  persistent: boolean;
}

/** A connection to an upstream with HTTP spoken over it. */
export interface HttpChannel {
  /** The connection below it, which knows its ends. */
  readonly socket: VirtualSocket;
  /**
   * Sends a request, with these header lines in place of its own, and reads the response whole.
   *
   * @throws UpstreamFailure when there was no whole response; the signal's reason when that was aborted.
   */
  send(request: Request, headers: Headers, signal: AbortSignal): Promise<Answer>;
}

/** How the connections of a pool are made and used. */
export interface PoolOptions {
  /** Opens a connection to the host. */
  dial: () => Promise<UpstreamConnection>;
  /** A connection is closed after so many requests; never when absent. */
  maxRequests?: number | undefined;
}

/** The connections of one worker to one host of one cluster that speak one version of HTTP. */
export interface HttpPool {
  /** May be changed at any time, for connections to come. */
  options: PoolOptions;
  /**
   * A connection for one request; it is to be given back.
   *
   * @throws UpstreamFailure when an attempt to connect failed meanwhile; the signal's reason when that was aborted.
   */
  acquire(signal: AbortSignal): Promise<HttpChannel>;
  /** Takes a connection back; it is closed unless it may carry another request. */
  release(channel: HttpChannel, persistent: boolean): void;
  /** Closes what is idle, and every other connection once no request needs it. */
  drain(): void;
  /** Gives up at once, requests that wait included. */
  close(): void;
}
