/** Requests that wait for a connection, the first to come first. */
export class Pending<Connection> {
  readonly #waiting: PromiseWithResolvers<Connection>[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Waits for a connection; whoever stops waiting, by the signal, is passed over. */
  add(signal: AbortSignal): Promise<Connection> {
    const waiting = Promise.withResolvers<Connection>();
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
    return waiting.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /** Gives a connection to the first that waits; false when none does. */
  resolveFirst(connection: Connection): boolean {
    const first = this.#waiting.shift();
    first?.resolve(connection);
    return first !== undefined;
  }

  /** Tells all that wait that there will be no connection. */
  rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
