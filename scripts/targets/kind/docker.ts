import { execa } from 'execa';
import { ProgramError, type ProgramOptions, runProgram } from './run-program.ts';

/** How docker is called: with the variables that say where its engine is. */
export type Engine = Pick<ProgramOptions, 'signal' | 'env'>;

/** kind's own, on every node. */
const clusterLabel = 'io.x-k8s.kind.cluster';

const shortMs = 60_000;
/** An image of two gigabytes may have to come over a slow line. */
const longMs = 1_800_000;

async function docker(args: string[], engine: Engine, timeoutMs = shortMs): Promise<string> {
  return (await runProgram('docker', args, { ...engine, timeoutMs })).stdout;
}

/** Why docker cannot be used; undefined when it answers. */
export type DockerTrouble = 'absent' | { silent: string };

/** What an engine says of itself. */
export interface DockerFacts {
  version: string;
  memoryBytes: number;
  /** `1` or `2`; undefined where it does not say. */
  cgroupVersion: string | undefined;
  /** What its containers are of: `linux` or `windows`. */
  system: string;
  rootless: boolean;
  /** Whether it can limit what containers take of memory, processor and processes. */
  limits: boolean;
  /** The name and kernel of the machine it runs on, and the folder there that it keeps everything in. */
  host: string | undefined;
  kernel: string | undefined;
  root: string | undefined;
}

/** How long an engine may take to say that it is there. */
const answerMs = 20_000;

/** Asks the engine what it is. */
export async function lookAtDocker(
  { env = {}, signal }: Engine,
  timeoutMs = answerMs,
): Promise<DockerFacts | DockerTrouble> {
  const { failed, code, timedOut, stdout, stderr } = await execa(
    'docker',
    ['info', '--format', '{{json .}}'],
    {
      reject: false,
      stdin: 'ignore',
      env,
      timeout: timeoutMs,
      ...(signal !== undefined && { cancelSignal: signal }),
    },
  );
  signal?.throwIfAborted();
  if (code === 'ENOENT') return 'absent';
  if (timedOut) return { silent: `no answer within ${timeoutMs / 1000} s` };
  const info = factsIn(stdout);
  const { ServerVersion, ServerErrors } = info;
  // Older clients end with 0 although no engine has answered.
  if (failed || ServerVersion === undefined || ServerVersion === '') {
    const said = ServerErrors?.join('; ') ?? stderr.trim().split('\n').at(-1);
    return { silent: said === undefined || said === '' ? 'it does not say why' : said };
  }
  return {
    version: ServerVersion,
    memoryBytes: info.MemTotal ?? 0,
    cgroupVersion: info.CgroupVersion,
    system: info.OSType ?? 'linux',
    rootless: info.SecurityOptions?.some((option) => option.startsWith('name=rootless')) ?? false,
    limits: [info.MemoryLimit, info.PidsLimit, info.CPUShares].every((can) => can !== false),
    host: info.Name,
    kernel: info.KernelVersion,
    root: info.DockerRootDir,
  };
}

/**
 * Where docker looks for its engine, as a URL: by DOCKER_HOST, or else by the context that DOCKER_CONTEXT or its
 * configuration names (docker/cli `cli/command/cli.go`, resolveContextName). No engine is asked.
 *
 * @returns undefined when docker does not say.
 */
export async function engineAddress({ env = {}, signal }: Engine): Promise<string | undefined> {
  // Without a docker that knows of contexts, it is still known.
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const format = '{{.Endpoints.docker.Host}}';
  const said = await docker(['context', 'inspect', '--format', format], { env, signal }, answerMs).catch(
    () => '',
  );
  signal?.throwIfAborted();
  return lines(said)[0];
}

/** What of `docker info` is read (moby `api/types/system/info.go`). */
interface DockerInfo {
  ServerVersion?: string;
  MemTotal?: number;
  CgroupVersion?: string;
  OSType?: string;
  SecurityOptions?: string[];
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  CPUShares?: boolean;
  Name?: string;
  KernelVersion?: string;
  DockerRootDir?: string;
  ServerErrors?: string[];
}

function factsIn(text: string): DockerInfo {
  try {
    return JSON.parse(text) as DockerInfo;
  } catch {
    return {};
  }
}

/** Whether the engine has an image. */
export async function hasImage(image: string, engine: Engine): Promise<boolean> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', image], engine).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProgramError && /no such image/i.test(error.said)) return false;
      throw error;
    },
  );
}

export async function pullImage(image: string, engine: Engine): Promise<void> {
  await docker(['pull', '--quiet', image], engine, longMs);
}

/** Gives an image that the engine has another name. */
export async function tagImage(image: string, name: string, engine: Engine): Promise<void> {
  await docker(['tag', image, name], engine);
}

/** Saves an image of the engine's to a docker archive. */
export async function saveImage(image: string, archive: string, engine: Engine): Promise<void> {
  await docker(['save', '--output', archive, image], engine, longMs);
}

/** Loads a docker archive into the engine. */
export async function loadImage(archive: string, engine: Engine): Promise<void> {
  await docker(['load', '--quiet', '--input', archive], engine, longMs);
}

/** The containers of a kind cluster, also those that do not run. */
export async function nodesOf(cluster: string, engine: Engine): Promise<string[]> {
  const filter = `label=${clusterLabel}=${cluster}`;
  return lines(await docker(['ps', '--all', '--quiet', '--filter', filter], engine));
}

/** Removes containers with their volumes, running or not. */
export async function removeContainers(ids: readonly string[], engine: Engine): Promise<void> {
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids], engine);
}

/** Removes a network, where there is one of exactly that name. */
export async function removeNetwork(name: string, engine: Engine): Promise<void> {
  const format = '{{.Name}}';
  const found = lines(
    await docker(['network', 'ls', '--filter', `name=${name}`, '--format', format], engine),
  );
  if (found.includes(name)) await docker(['network', 'rm', name], engine);
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
