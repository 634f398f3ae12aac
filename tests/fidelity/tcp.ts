import { setTimeout as delay } from 'node:timers/promises';
import { banner } from '../../fixtures/agent/bytes.ts';
import type { NetworkInterface, VirtualSocket } from '../../reference/network/interface.ts';
import { bannerPort } from './world/inhabitants.ts';

/** A plain connection that a client talks over. */
export class TcpTalk {
  readonly #socket: VirtualSocket;
  #heard = '';
  #end: 'closed' | 'reset' | undefined;
  #changed: () => void = () => {};

  constructor(network: NetworkInterface, target: { host: string; port: number }) {
    this.#socket = network.connect(target);
    this.#socket
      .on('connect', () => this.#changed())
      .on('data', (chunk: Buffer) => {
        this.#heard += chunk.toString('latin1');
        this.#changed();
      })
      .on('error', () => this.#over('reset'))
      .on('end', () => this.#over('closed'))
      .on('close', () => this.#over('closed'));
  }

  /** Whether it stands within a patience in milliseconds. */
  async stands(patienceMs: number): Promise<boolean> {
    await this.#until(() => !this.#socket.connecting, patienceMs);
    return !this.#socket.connecting && this.#end === undefined;
  }

  /**
   * Says something, and hears until so much has come or the connection is over.
   *
   * @returns what was heard since the last time, and the end if it came.
   */
  async say(text: string, bytes: number, patienceMs: number): Promise<string> {
    this.#heard = '';
    if (text !== '') this.#socket.write(text);
    await this.#until(() => this.#heard.length >= bytes, patienceMs);
    return this.#heard + (this.#heard.length < bytes && this.#end !== undefined ? `[${this.#end}]` : '');
  }

  close(): void {
    this.#socket.destroy();
  }

  #over(end: 'closed' | 'reset'): void {
    this.#end ??= end;
    this.#changed();
  }

  async #until(holds: () => boolean, patienceMs: number): Promise<void> {
    const expired = new AbortController();
    const patience = delay(patienceMs, true, { signal: expired.signal }).catch(() => true);
    let over = false;
    while (!holds() && this.#end === undefined && !over) {
      const changed = new Promise<false>((resolve) => {
        this.#changed = () => resolve(false);
      });
      over = await Promise.race([changed, patience]);
    }
    expired.abort();
    // Whatever came while this process was not let run is looked at before the patience counts as over.
    if (over) await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
}

/** For what Felix drops, in milliseconds; a connection within this process stands in far less. */
export const patienceMs = 150;

/** Longer than three connect time-outs in a row, unscaled. */
const silenceMs = 60_000;

/** How a TCP probe comes out, in the words of the rows. */
export async function tryTcp(
  network: NetworkInterface,
  target: { host: string; port: number },
  payload: string,
  timeScale: number,
): Promise<string> {
  const talk = new TcpTalk(network, target);
  const outcome = await outcomeOf();
  talk.close();
  return outcome;

  async function outcomeOf(): Promise<string> {
    if (!(await talk.stands(patienceMs))) return 'dropped';
    const patience = silenceMs * timeScale;
    if (target.port === bannerPort) {
      const first = await talk.say('', banner.length, patience);
      if (first !== banner) return wordsFor(first);
      const then = await talk.say(payload, payload.length, patience);
      return then === payload ? 'banner' : `banner, then ${wordsFor(then)}`;
    }
    const heard = await talk.say(payload, payload.length, patience);
    return heard === payload ? 'echoed' : wordsFor(heard);
  }
}

function wordsFor(heard: string): string {
  if (heard === '[closed]') return 'closed';
  return heard === '[reset]' ? 'silence' : `something else: ${heard}`;
}
