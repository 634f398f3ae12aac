import { existsSync } from 'node:fs';
import { optionIn, Refusal, standIn } from './stand-in.ts';

// Plays the docker client with an engine behind it.
await standIn('docker', (args, world) => {
  const [verb, second] = args;
  const last = args.at(-1) as string;
  switch (verb) {
    case 'info':
      return `${JSON.stringify(world.engine)}\n`;
    case 'context':
      return 'unix:///var/run/docker.sock\n';
    case 'image':
      if (!world.has('images', last)) throw new Refusal(`Error: No such image: ${last}`);
      return 'sha256:0\n';
    case 'pull':
      world.add('images', last);
      return `${last}\n`;
    case 'load':
      if (!existsSync(optionIn(args, '--input'))) throw new Refusal('open: no such file or directory');
      // The archives of these tests hold an image of nodes.
      world.add('images', 'docker.io/kindest/node:v1.34.3');
      return '';
    case 'ps': {
      const cluster = optionIn(args, '--filter').replace('label=io.x-k8s.kind.cluster=', '');
      const found = world.containers().filter((container) => container.cluster === cluster);
      return found.map(({ name }) => `${name}\n`).join('');
    }
    case 'rm':
      for (const name of args.filter((argument) => !argument.startsWith('-')).slice(1)) {
        const ports = world.containers().find((container) => container.name === name)?.ports;
        if (ports !== undefined) process.kill(ports);
        world.remove('containers', name);
      }
      return '';
    case 'network': {
      if (second === 'ls') {
        return world
          .names('networks')
          .map((name) => `${name}\n`)
          .join('');
      }
      const inUse = world.containers().some(({ network }) => network === last);
      if (inUse) throw new Refusal(`error: network ${last} has active endpoints`);
      world.remove('networks', last);
      return `${last}\n`;
    }
    default:
      throw new Refusal(`docker: '${verb}' is not a docker command.`);
  }
});
