import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { NetworkInterface, Owner } from '../../../reference/network/interface.ts';
import type { ContainerContext, Program } from '../../../reference/workloads/program.ts';

/** A network that only knows who has which address. */
export class FakeNetwork {
  readonly attached = new Map<string, Owner>();

  attach(address: string, owner: Owner): NetworkInterface {
    if (this.attached.has(address)) throw new Error(`${address} is taken`);
    this.attached.set(address, owner);
    const unused = () => {
      throw new Error('the fake network carries nothing');
    };
    return { address, owner, capture: {}, listen: unused, connect: unused, connectLocal: unused };
  }

  detach(address: string): void {
    this.attached.delete(address);
  }
}

/** Runs every image that begins with `app`, logs that it started, and remembers what it was started with. */
export class FakeProgram implements Program {
  readonly contexts: ContainerContext[] = [];
  /** What `start` does for an image; nothing when absent. */
  readonly starting = new Map<string, () => Promise<void>>();

  runs = ({ image }: { image: string }) => image.startsWith('app');

  start = async (context: ContainerContext) => {
    this.contexts.push(context);
    context.log(`${context.container.name} started`);
    await this.starting.get(context.container.image)?.();
  };

  exec: NonNullable<Program['exec']> = async (context, command, { stdout }) => {
    if (command[0] !== 'hostname') return undefined;
    stdout(`${context.pod.metadata.name}\n`);
    return 0;
  };

  /** Those that run now, in the order they were started. */
  get running(): ContainerContext[] {
    return this.contexts.filter(({ signal }) => !signal.aborted);
  }

  of(pod: KubeObject, container = 'main'): ContainerContext {
    const found = this.running.find(
      (context) => context.pod.metadata.uid === pod.metadata.uid && context.container.name === container,
    );
    if (found === undefined) throw new Error(`${container} of ${pod.metadata.name} does not run`);
    return found;
  }
}
