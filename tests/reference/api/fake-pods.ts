import type { LogFollower, LogQuery, PodAccess } from '../../../reference/cluster/pod-access.ts';
import type { StatusError } from '../../../reference/store/status-error.ts';
import type { ExecStreams } from '../../../reference/workloads/program.ts';

type Command = (streams: ExecStreams, command: string[]) => Promise<number>;

/** Pods whose logs and commands a test says. */
export class FakePods implements PodAccess {
  readonly asked: { container: string | undefined; options: LogQuery }[] = [];
  log = '';
  refusal: StatusError | undefined;
  followers: LogFollower[] = [];
  stopped = 0;
  command: Command = async () => 0;

  logs(_namespace: string, _pod: string, container: string | undefined, options: LogQuery): string {
    this.asked.push({ container, options });
    if (this.refusal !== undefined) throw this.refusal;
    return this.log;
  }

  follow(
    _namespace: string,
    _pod: string,
    _container: string | undefined,
    _options: LogQuery,
    follower: LogFollower,
  ) {
    follower.write(this.log);
    this.followers.push(follower);
    return () => {
      this.stopped++;
    };
  }

  async exec(
    _namespace: string,
    _pod: string,
    _container: string | undefined,
    command: string[],
    streams: ExecStreams,
  ): Promise<number> {
    return this.command(streams, command);
  }
}
