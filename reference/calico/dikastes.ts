import type { ContainerContext, ExecStreams, Program } from '../workloads/program.ts';
import type { Calico } from './calico.ts';
import type { CheckRequest, CheckResult } from './check.ts';
import { serveManagement } from './management.ts';
import { placeOf } from './objects.ts';
import type { PolicySyncClient } from './policy-sync.ts';
import { isDikastes, reachedByProxy, reachesFelix } from './wiring.ts';

interface Running {
  /** Absent when Felix's socket is not mounted. */
  client: PolicySyncClient | undefined;
  /** Whether the proxy finds its socket. */
  reached: boolean;
}

/** Every Dikastes that runs in the cluster, by the pod it is beside. */
export class DikastesRegistry {
  private readonly calico: Pick<Calico, 'sync'>;
  private readonly running = new Map<string, Running>();

  constructor(calico: Pick<Calico, 'sync'>) {
    this.calico = calico;
  }

  /**
   * Asks the Dikastes of a pod, as the pod's proxy does.
   *
   * @param pod `namespace/name`.
   */
  ask(pod: string, request: CheckRequest): CheckResult {
    const dikastes = this.running.get(pod);
    if (!dikastes?.reached) return 'no answer';
    return dikastes.client?.check(request) ?? 'UNAVAILABLE';
  }

  /** The program of a container that runs Dikastes. */
  readonly program: Program = {
    runs: (container) => isDikastes(container),
    start: (context) => this.start(context),
    exec: (context, command, streams) => Promise.resolve(this.exec(context, command, streams)),
  };

  private start(context: ContainerContext): void {
    const { pod, container, log, ready, signal } = context;
    const place = placeOf(pod);
    log('level=info msg="Dikastes listening" listen=/var/run/dikastes/dikastes.sock');
    let client: PolicySyncClient | undefined;
    if (reachesFelix(container, pod)) {
      log('level=info msg="Successfully connected to Policy Sync server"');
      client = this.calico.sync(pod, (inSync) => {
        log(
          inSync
            ? 'level=info msg="Starting synchronization with Policy Sync server"'
            : 'level=warning msg="Lost the connection to Policy Sync server"',
        );
        ready(inSync);
      });
    } else {
      log('level=error msg="No Policy Sync socket is mounted" volume=csi.tigera.io');
    }
    serveManagement(context);
    const dikastes: Running = { client, reached: reachedByProxy(container, pod) };
    this.running.set(place, dikastes);
    const stop = () => {
      client?.close();
      // A container that was started again has taken the place.
      if (this.running.get(place) === dikastes) this.running.delete(place);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  /** The probe of its image: 0 is well, 3 is not, 2 is wrong usage (calico `app-policy/cmd/healthz`). */
  private exec(
    { pod }: ContainerContext,
    command: readonly string[],
    { stderr }: ExecStreams,
  ): number | undefined {
    const question = healthQuestion(command);
    if (question === undefined) return undefined;
    if (question !== 'readiness' && question !== 'liveness') return 2;
    const dikastes = this.running.get(placeOf(pod));
    const well = dikastes !== undefined && (question === 'liveness' || dikastes.client?.inSync === true);
    if (!well) stderr('healthz endpoint returned unhealthy\n');
    return well ? 0 : 3;
  }
}

/** What the probe is asked; empty when nothing, undefined when the command is another. */
function healthQuestion(command: readonly string[]): string | undefined {
  const [program, ...rest] = command;
  if (program === '/healthz') return rest[0] ?? '';
  if (!/(^|\/)calico$/.test(program ?? '')) return undefined;
  const [component, dikastes, health, question = ''] = rest;
  const asks = component === 'component' && dikastes === 'dikastes' && health === 'health';
  return asks ? question : undefined;
}
