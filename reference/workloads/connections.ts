import type { Duplex } from 'node:stream';

/** The open connections of a program, so that all of them end when it does. */
export class Connections {
  readonly #open = new Set<Duplex>();
  readonly #signal: AbortSignal;

  /** @param signal destroys whatever is open, and whatever is added later. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    const destroy = () => {
      for (const stream of this.#open) stream.destroy();
    };
    signal.addEventListener('abort', destroy, { once: true });
  }

  add<Stream extends Duplex>(stream: Stream): Stream {
    if (this.#signal.aborted) stream.destroy();
    else this.#open.add(stream.once('close', () => this.#open.delete(stream)));
    return stream;
  }
}
