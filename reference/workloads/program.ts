import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { NetworkInterface } from '../network/interface.ts';

/** A container as a pod's spec has it; fields not listed here are kept as they came. */
export interface ContainerSpec {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: unknown }[];
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  restartPolicy?: string;
  volumeMounts?: { name: string; mountPath: string }[];
  [field: string]: unknown;
}

/** What a running container has. */
export interface ContainerContext {
  /** The pod as it was when the container started. */
  pod: KubeObject;
  container: ContainerSpec;
  /** Shared by all containers of the pod. */
  network: NetworkInterface;
  env: Readonly<Record<string, string>>;
  /** One line of its log. */
  log: (line: string) => void;
  /** The answer of its readiness probe from now on; not ready until it says so. */
  ready: (ready: boolean) => void;
  /** Ends the container with a status, as a process ends by itself; nothing happens when it has ended. */
  exit: (code: number) => void;
  /** Aborted when the container is stopped, or has ended. */
  signal: AbortSignal;
}

/** The streams of a command that runs in a container. */
export interface ExecStreams {
  /** Ends when the client closes it, or is gone. */
  stdin: AsyncIterable<Buffer>;
  stdout: (chunk: string | Buffer) => void;
  stderr: (chunk: string | Buffer) => void;
  /** Aborted when the client is gone or the container stops. */
  signal: AbortSignal;
}

/** What a container image stands for here: a program within this process. */
export interface Program {
  /** Whether this is the program of a container; the first that says so is taken. */
  runs: (container: ContainerSpec, pod: KubeObject) => boolean;
  start: (context: ContainerContext) => void | Promise<void>;
  /**
   * Runs a command in the container.
   *
   * @returns its exit status; undefined when there is no such command, which the API reports as Kubernetes does.
   */
  exec?: (
    context: ContainerContext,
    command: readonly string[],
    streams: ExecStreams,
  ) => Promise<number | undefined>;
}
