import { type Behaviour, World, worldVariable } from './world.ts';

/** A refusal of a stand-in's own, as its program would say it. */
export class Refusal extends Error {}

/**
 * Plays a program: notes the call, does what it was told to do otherwise, or its own work.
 *
 * @param work gives back what goes to standard output.
 */
export async function standIn(
  program: Behaviour['program'],
  work: (args: string[], world: World) => string | Promise<string>,
): Promise<void> {
  const args = process.argv.slice(2);
  const world = new World(process.env[worldVariable] as string);
  world.called(program, args);
  const behaviour = world
    .behaviours()
    .find((one) => one.program === program && args.join(' ').includes(one.when));
  if (behaviour === undefined || behaviour.after) {
    try {
      process.stdout.write(await work(args, world));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      end(1, error.message);
    }
  }
  if (behaviour?.fails) end(behaviour.fails.status, behaviour.fails.saying);
  if (behaviour?.hangs) {
    world.hanging = process.pid;
    setInterval(() => {}, 1_000);
  }
}

function end(status: number, saying: string): never {
  process.stderr.write(`${saying}\n`);
  process.exit(status);
}

/** The value of an option in arguments. */
export function optionIn(args: readonly string[], name: string): string {
  const place = args.indexOf(name);
  const value = args[place + 1];
  if (place === -1 || value === undefined) throw new Refusal(`ERROR: ${name} is missing`);
  return value;
}
