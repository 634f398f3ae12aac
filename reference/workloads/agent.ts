import { parseArgs } from 'node:util';
import { echoBytes, greet } from '../../fixtures/agent/bytes.ts';
import { EchoService } from '../../fixtures/agent/echo.ts';
import type { VirtualSocket } from '../network/interface.ts';
import { Connections } from './connections.ts';
import { probeFrom } from './prober.ts';
import type { ContainerContext, ContainerSpec, Program } from './program.ts';

/** How the server is told to end (`fixtures/sandbox/job.ts`). */
const endServer = ['node', '-e', 'process.kill(1)'];

/** How a container runs the suite's agent (`fixtures/sandbox/manifests.ts`). */
const agentCommand = ['node', '/agent/agent.ts'];

/**
 * The suite's own agent: `serve` as a container's program, `probe` and `prober` as commands in it, and the one that ends
 * the server by a signal. It is the code of `fixtures/agent` that runs, with the virtual network in place of
 * the system's.
 */
export const agentProgram: Program = {
  runs: (container) => argumentsOf(commandOf(container))?.[0] === 'serve',
  start: (context) => {
    const [, ...options] = argumentsOf(commandOf(context.container)) ?? [];
    const { ports, others } = portsOf(options);
    const { POD_NAME: pod = '', POD_NAMESPACE: namespace = '' } = context.env;
    const service = new EchoService({ pod, namespace }, context.log);
    for (const port of ports) listen(context, port, (socket) => void service.serve(socket));
    for (const { port, serve } of others) listen(context, port, serve);
    const also = others.map(({ name, port }) => `, ${name} ${port}`);
    context.log(`listening: http ${ports.join(',')}${also.join('')}`);
    context.ready(true);
  },
  exec: async (context, command, streams) => {
    if (command.join(' ') === endServer.join(' ')) {
      // It ends itself on the signal, in the turn after the command has its status.
      setImmediate(context.exit, 0);
      return 0;
    }
    const [name, ...rest] = argumentsOf(command) ?? [];
    if (name !== 'probe' && name !== 'prober') return undefined;
    if (rest.length === 0) return probeFrom(context, name, streams);
    streams.stderr(`Unknown option '${rest[0]}'; the usage is: node agent.ts ${name}\n`);
    return 2;
  },
};

function commandOf({ command = [], args = [] }: ContainerSpec): string[] {
  return [...command, ...args];
}

/** What follows `node /agent/agent.ts`; undefined when the command is another one. */
function argumentsOf(command: readonly string[]): readonly string[] | undefined {
  const ours = agentCommand.every((part, index) => command[index] === part);
  return ours ? command.slice(agentCommand.length) : undefined;
}

/** What is served beside HTTP, by the option that gives its port. */
const beside = { tcp: echoBytes, banner: greet };

interface Other {
  name: string;
  port: number;
  serve: (socket: VirtualSocket) => void;
}

/** The ports that the command line asks for, for HTTP and for all else. */
function portsOf(args: readonly string[]): { ports: number[]; others: Other[] } {
  const text = { type: 'string' } as const;
  const options = { port: text, tcp: text, banner: text, host: text };
  const { values } = parseArgs({ args: [...args], options });
  if (values.port === undefined) throw new Error('serve needs --port');
  return {
    ports: values.port.split(',').map(Number),
    others: (['tcp', 'banner'] as const).flatMap((name) =>
      values[name] === undefined ? [] : [{ name, port: Number(values[name]), serve: beside[name] }],
    ),
  };
}

function listen(context: ContainerContext, port: number, serve: (socket: VirtualSocket) => void): void {
  const connections = new Connections(context.signal);
  const stop = context.network.listen(port, (socket) => serve(connections.add(socket)));
  context.signal.addEventListener('abort', stop, { once: true });
}
