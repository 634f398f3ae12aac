import { runProbes } from '../../fixtures/agent/batch.ts';
import { KeptConnections } from '../../fixtures/agent/kept.ts';
import type { ProbeRequest } from '../../fixtures/agent/protocol.ts';
import { askOf, bytes } from '../../fixtures/probes/request.ts';
import { type Probe, parseProbe } from './probe.ts';
import { placeOf, requestOf, routeOf } from './routes.ts';
import type { World } from './world/world.ts';

const ping = 'ping';

/** A connection that is open while things change. */
export class Held {
  readonly #connections = new KeptConnections();
  readonly #world: World;
  readonly #probe: Probe;

  private constructor(world: World, probe: Probe) {
    this.#world = world;
    this.#probe = probe;
  }

  /** @param text a TCP probe to a port that echoes, or one that opens a WebSocket. */
  static async open(world: World, text: string): Promise<Held> {
    const probe = parseProbe(text);
    if (probe === undefined) throw new Error(`This is no probe: ${text}`);
    const held = new Held(world, probe);
    if (!(await held.#isAnswered({}))) {
      throw new Error(`${text} did not answer before anything was given.`);
    }
    return held;
  }

  /** How many of so many pings are answered. */
  async answers(pings: number): Promise<number> {
    let answered = 0;
    for (let number = 0; number < pings; number += 1) {
      if (await this.#isAnswered({ ifOpen: true })) answered += 1;
    }
    return answered;
  }

  close(): void {
    this.#connections.close();
  }

  async #isAnswered(more: Pick<ProbeRequest, 'ifOpen'>): Promise<boolean> {
    const { host, port, connectTimeoutMs, timeoutMs } = await routeOf(this.#world, this.#probe);
    const asked = this.#probe.http === undefined ? bytes(ping) : askOf(requestOf(this.#probe));
    const network = placeOf(this.#world, this.#probe);
    const [observation] = await runProbes(
      [
        {
          id: 'held',
          host,
          port,
          ...asked,
          payload: ping,
          connection: 'held',
          connectTimeoutMs,
          timeoutMs,
          ...more,
        },
      ],
      { connect: (probe) => network.connect(probe), connections: this.#connections },
    );
    return observation?.error === undefined && observation?.text === ping;
  }
}
