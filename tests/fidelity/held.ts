import { parseProbe } from './probe.ts';
import { placeOf, routeOf } from './routes.ts';
import { patienceMs, TcpTalk } from './tcp.ts';
import type { World } from './world/world.ts';

/** A connection that is open while things change. */
export class Held {
  readonly #talk: TcpTalk;

  private constructor(talk: TcpTalk) {
    this.#talk = talk;
  }

  /** @param text a TCP probe to a port that echoes. */
  static async open(world: World, text: string): Promise<Held> {
    const probe = parseProbe(text);
    if (probe === undefined) throw new Error(`This is no probe: ${text}`);
    const { host } = await routeOf(world, probe);
    const talk = new TcpTalk(placeOf(world, probe), { host, port: probe.port });
    const held = new Held(talk);
    if (!(await talk.stands(patienceMs)) || (await held.answers(1)) !== 1) {
      throw new Error(`${text} did not answer before anything was given.`);
    }
    return held;
  }

  /** How many of so many pings are answered. */
  async answers(pings: number): Promise<number> {
    let answered = 0;
    for (let ping = 0; ping < pings; ping += 1) {
      if ((await this.#talk.say('ping\n', 5, patienceMs)) === 'ping\n') answered += 1;
    }
    return answered;
  }

  close(): void {
    this.#talk.close();
  }
}
