import { isDeepStrictEqual } from 'node:util';
import { type Ref, refOf } from '../../fixtures/cluster/objects.ts';
import { StatusError } from '../../reference/store/status-error.ts';
import { objectOf } from './objects.ts';
import type { ShortObject } from './rows.ts';
import { inhabitants } from './world/inhabitants.ts';
import type { World } from './world/world.ts';

/** The objects that one row changes, to be taken back. */
export class Changes {
  readonly #world: World;
  readonly #selector: string | undefined;
  readonly #given: Ref[] = [];

  /** @param selector what policies select that do not say so themselves. */
  constructor(world: World, selector: string | undefined) {
    this.#world = world;
    this.#selector = selector;
  }

  /** @returns what the API refused an object with, if it did; those after it are not given. */
  give(objects: readonly ShortObject[]): string | undefined {
    for (const short of objects) {
      const object = objectOf(short, this.#selector, (place) => resolve(this.#world, place));
      try {
        this.#world.apply(object, short.ageSeconds);
      } catch (error) {
        if (error instanceof StatusError) return error.message;
        throw error;
      }
      this.#given.push(refOf(object));
    }
    return undefined;
  }

  remove(name: string): void {
    this.#world.remove(this.#named(name));
  }

  specOf(name: string): Record<string, unknown> {
    return (this.#world.find(this.#named(name))?.spec ?? {}) as Record<string, unknown>;
  }

  undo(): void {
    for (const ref of this.#given.toReversed()) {
      const before = inhabitants.find((object) => isDeepStrictEqual(refOf(object), ref));
      if (before === undefined) this.#world.remove(ref);
      else this.#world.apply(before);
    }
  }

  #named(name: string): Ref {
    const ref = this.#given.findLast((given) => given.name === name);
    if (ref === undefined) throw new Error(`${name} was not given.`);
    return ref;
  }
}

function resolve(world: World, place: string): string {
  const service = /^service (\S+)\/(\S+)$/.exec(place);
  return service === null ? world.addressOf(place) : world.serviceAddress(service[1]!, service[2]!);
}
