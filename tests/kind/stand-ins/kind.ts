import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { optionIn, Refusal, standIn } from './stand-in.ts';
import type { World } from './world.ts';

// Plays kind, as measured: progress and warnings go to standard error also when all is well.
await standIn('kind', (args, world) => {
  const [verb, what] = args;
  if (verb === 'version') return 'kind v0.33.0 go1.26.8 linux/amd64\n';
  process.stderr.write('WARNING: cgroup v1 is deprecated\n');
  const cluster = optionIn(args, '--name');
  const nodes = world.containers().filter((container) => container.cluster === cluster);
  switch (`${verb} ${what}`) {
    case 'create cluster':
      if (nodes.length > 0)
        throw new Refusal(`ERROR: node(s) already exist for a cluster with the name "${cluster}"`);
      return create(args, cluster, world);
    case 'load image-archive': {
      const archives = args.slice(2, args.indexOf('--name'));
      const missing = archives.find((archive) => !existsSync(archive));
      if (missing !== undefined) throw new Refusal(`ERROR: stat ${missing}: no such file or directory`);
      if (nodes.length === 0) throw new Refusal(`ERROR: no nodes found for cluster "${cluster}"`);
      return '';
    }
    case 'export kubeconfig':
      writeKubeconfig(optionIn(args, '--kubeconfig'), cluster, world);
      return '';
    case 'export logs':
      if (nodes.length === 0) throw new Refusal(`ERROR: unknown cluster "${cluster}"`);
      mkdirSync(args[2] as string, { recursive: true });
      writeFileSync(join(args[2] as string, 'kubelet.log'), 'the log of a kubelet\n');
      return '';
    case 'delete cluster':
      for (const { name, ports } of nodes) {
        if (ports !== undefined) process.kill(ports);
        world.remove('containers', name);
      }
      rmSync(optionIn(args, '--kubeconfig'), { force: true });
      return '';
    default:
      throw new Refusal(`ERROR: unknown command "${verb} ${what}"`);
  }
});

interface Config {
  nodes: { role: string; extraPortMappings?: { hostPort: number; listenAddress: string }[] }[];
}

async function create(args: string[], cluster: string, world: World): Promise<string> {
  const image = optionIn(args, '--image');
  if (!world.has('images', image)) {
    throw new Refusal(`ERROR: failed to create cluster: failed to pull image "${image}"`);
  }
  const network = process.env.KIND_EXPERIMENTAL_DOCKER_NETWORK ?? 'kind';
  world.add('networks', network);
  const { nodes } = parse(readFileSync(optionIn(args, '--config'), 'utf8')) as Config;
  for (const { role, extraPortMappings = [] } of nodes) {
    const name = `${cluster}-${role}`;
    const [mapping] = extraPortMappings;
    const ports = mapping === undefined ? undefined : await openPort(mapping, world);
    world.add('containers', name, { cluster, network, ...(ports && { ports }) });
  }
  writeKubeconfig(optionIn(args, '--kubeconfig'), cluster, world);
  return '';
}

/** Opens a port that leads to the mesh's gateway, in a process of its own, as Docker does for a container. */
async function openPort(
  { hostPort, listenAddress }: { hostPort: number; listenAddress: string },
  world: World,
): Promise<number> {
  const { host, port } = world.mesh.ingress;
  const forwarder = join(import.meta.dirname, 'forwarder.ts');
  const options = JSON.stringify({ from: { host: listenAddress, port: hostPort }, to: { host, port } });
  const child = spawn(process.execPath, [forwarder, options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  child.unref();
  return child.pid as number;
}

/** The mesh's kubeconfig with the context that kind would name. */
function writeKubeconfig(file: string, cluster: string, world: World): void {
  const config = parse(readFileSync(world.mesh.kubeconfig, 'utf8'));
  const name = `kind-${cluster}`;
  config.contexts[0].name = name;
  config['current-context'] = name;
  writeFileSync(file, stringify(config), { mode: 0o600 });
}
