import type { ExecStreams } from '../workloads/program.ts';

/** Which part of a log is asked for, by the names of the API's query. */
export interface LogQuery {
  /** Only what was logged in the last so many seconds. */
  sinceSeconds?: number;
  /** Only the last so many lines. */
  tailLines?: number;
  /** Of the container's run before its last restart. */
  previous?: boolean;
  /** At most so many bytes, counted from the first line taken. */
  limitBytes?: number;
  /** Each line begins with its time (RFC 3339, nanoseconds). */
  timestamps?: boolean;
  follow?: boolean;
}

/** Who takes a log while it is written. */
export interface LogFollower {
  /** Whole lines, each with its line feed. */
  write: (text: string) => void;
  /** The container ended, so nothing more will come. */
  end: () => void;
}

/**
 * What the API server asks a kubelet for. Without a container it is the pod's default container: the one that the
 * annotation `kubectl.kubernetes.io/default-container` names, else the first.
 *
 * Everything here throws StatusError 404 for no such pod, and 400 for a container that the pod does not have or that
 * has not started.
 */
export interface PodAccess {
  /** What a container has logged until now; also 400 when `previous` is asked and there was no earlier run. */
  logs: (namespace: string, pod: string, container: string | undefined, options: LogQuery) => string;
  /**
   * The same, and what is logged from now on.
   *
   * @param follower told of the lines so far before this returns.
   * @returns what stops it; the follower's `end` is not called then.
   */
  follow: (
    namespace: string,
    pod: string,
    container: string | undefined,
    options: LogQuery,
    follower: LogFollower,
  ) => () => void;
  /**
   * Runs a command.
   *
   * @returns its exit status.
   * @throws StatusError 500 when there is no such command, in the words of container runtimes.
   */
  exec: (
    namespace: string,
    pod: string,
    container: string | undefined,
    command: string[],
    streams: ExecStreams,
  ) => Promise<number>;
}
