import { parseArgs } from 'node:util';
import { EchoService } from '../../fixtures/agent/echo.ts';
import type { VirtualSocket } from '../network/interface.ts';
import { Connections } from './connections.ts';
import { probeFrom } from './prober.ts';
import type { ContainerContext, ContainerSpec, Program } from './program.ts';

/** How a container runs the suite's agent (`fixtures/sandbox/manifests.ts`). */
const agentCommand = ['node', '/agent/agent.ts'];

/**
 * The suite's own agent: `serve` as a container's program, `probe` and `prober` as commands in it. It is the code of
 * `fixtures/agent` that runs, with the virtual network in place of the system's.
 */
export const agentProgram: Program = {
  runs: (container) => argumentsOf(commandOf(container))?.[0] === 'serve',
  start: (context) => {
    const [, ...options] = argumentsOf(commandOf(context.container)) ?? [];
    const { ports, tcp } = portsOf(options);
    const { POD_NAME: pod = '', POD_NAMESPACE: namespace = '' } = context.env;
    const service = new EchoService({ pod, namespace }, context.log);
    for (const port of ports) listen(context, port, (socket) => void service.serve(socket));
    if (tcp !== undefined) listen(context, tcp, echoBytes);
    context.log(`listening: http ${ports.join(',')}${tcp === undefined ? '' : `, tcp ${tcp}`}`);
    context.ready(true);
  },
  exec: async (context, command, streams) => {
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

/** The ports that the command line asks for, for HTTP and for plain TCP. */
function portsOf(args: readonly string[]): { ports: number[]; tcp: number | undefined } {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, tcp: { type: 'string' }, host: { type: 'string' } },
  });
  if (values.port === undefined) throw new Error('serve needs --port');
  return {
    ports: values.port.split(',').map(Number),
    tcp: values.tcp === undefined ? undefined : Number(values.tcp),
  };
}

function listen(context: ContainerContext, port: number, serve: (socket: VirtualSocket) => void): void {
  const connections = new Connections(context.signal);
  const stop = context.network.listen(port, (socket) => serve(connections.add(socket)));
  context.signal.addEventListener('abort', stop, { once: true });
}

function echoBytes(socket: VirtualSocket): void {
  socket.on('error', () => {});
  socket.pipe(socket);
}
