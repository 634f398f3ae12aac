import { timestamp } from '../../store/store.ts';
import type { ContainerContext, ContainerSpec, Program } from '../../workloads/program.ts';
import { ContainerLog } from './container-log.ts';
import { type ContainerState, newContainerId, restartPause, type Termination } from './container-state.ts';
import { ConfigError } from './environment.ts';

export interface ContainerHooks {
  /** What the pod gives its containers; throws ConfigError when it cannot yet. */
  environment: () => Pick<ContainerContext, 'pod' | 'network' | 'env'>;
  /** Something of the container's status is different now. */
  changed: () => void;
  /** Something happened to it that people want to read of. */
  tell: (reason: string, message: string, type?: 'Warning') => void;
  /** Whether it is to be started again after it ended so. */
  restarts: (exitCode: number) => boolean;
  timeScale: number;
}

/** One container of a running pod, which is restarted when it ends as its pod wants it. */
export class Container {
  readonly spec: ContainerSpec;
  readonly program: Program | undefined;
  /** Resolves when those that wait for this one may start. */
  readonly started: Promise<void>;
  state: ContainerState = { waiting: { reason: 'PodInitializing' } };
  lastState: { terminated: Termination } | undefined;
  restartCount = 0;
  log = new ContainerLog();
  previousLog: ContainerLog | undefined;
  id = '';
  /** What its program was started with, while it runs. */
  context: ContainerContext | undefined;

  private readonly hooks: ContainerHooks;
  private readonly becameStarted: () => void;
  private run: AbortController | undefined;
  private resolved = false;
  private saysReady = false;
  private everReady = false;
  private over = false;
  private restart: NodeJS.Timeout | undefined;

  constructor(spec: ContainerSpec, program: Program | undefined, hooks: ContainerHooks) {
    this.spec = spec;
    this.program = program;
    this.hooks = hooks;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.started = promise;
    this.becameStarted = resolve;
  }

  /** It runs, and its startup probe has succeeded where it has one. */
  get isStarted(): boolean {
    return this.resolved && (this.spec.startupProbe === undefined || this.everReady);
  }

  /** Without a readiness probe it is ready as soon as it is started. */
  get isReady(): boolean {
    return this.isStarted && (this.spec.readinessProbe === undefined || this.saysReady);
  }

  /** It has ended, and will not be started again. */
  get isOver(): boolean {
    return this.over;
  }

  start(): void {
    const { program } = this;
    if (this.run !== undefined) return;
    if (program === undefined) {
      const message = `no program of the reference mesh runs image ${this.spec.image}`;
      this.hooks.tell('Failed', `Failed to pull image "${this.spec.image}": ${message}`, 'Warning');
      this.wait('ErrImagePull', message);
      return;
    }
    let given: ReturnType<ContainerHooks['environment']>;
    try {
      given = this.hooks.environment();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.wait('CreateContainerConfigError', error.message);
      return;
    }
    const run = new AbortController();
    const { log } = this;
    this.run = run;
    this.id = newContainerId();
    this.enter({ running: { startedAt: timestamp() } });
    this.tellOfStart();
    const context: ContainerContext = {
      ...given,
      container: this.spec,
      log: (line) => log.write(line),
      ready: (ready) => {
        if (run.signal.aborted || this.saysReady === ready) return;
        this.saysReady = ready;
        if (!ready) this.hooks.tell('Unhealthy', 'Readiness probe failed', 'Warning');
        this.everReady ||= ready;
        this.progressed();
      },
      exit: (code) => {
        if (run.signal.aborted) return;
        this.end(code);
        this.restartAfter(code);
      },
      signal: run.signal,
    };
    this.context = context;
    // Within a promise, so that a program that fails at once is no different from one that fails later.
    const starting = Promise.resolve().then(() => (run.signal.aborted ? undefined : program.start(context)));
    starting.then(
      () => {
        if (run.signal.aborted) return;
        this.resolved = true;
        this.progressed();
      },
      (error: unknown) => {
        if (run.signal.aborted) return;
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        log.write(message);
        this.end(1, message);
        this.restartAfter(1);
      },
    );
  }

  /** Ends it as a signal would that it cannot refuse, and lets it be restarted. */
  kill(): void {
    if (this.run === undefined) return;
    this.end(137);
    this.restartAfter(137);
  }

  /** Ends it for good: as a signal would that it cannot refuse, unless it is given time to end well. */
  stop(exitCode = 137): void {
    clearTimeout(this.restart);
    this.over = true;
    if (this.run === undefined) return;
    this.hooks.tell('Killing', `Stopping container ${this.spec.name}`);
    this.end(exitCode);
  }

  /** An ordinary init container: it is done as soon as it is begun. */
  complete(): void {
    const now = timestamp();
    this.id = newContainerId();
    const times = { startedAt: now, finishedAt: now };
    this.enter({ terminated: { exitCode: 0, reason: 'Completed', ...times, containerID: this.id } });
    this.log.end();
    this.becameStarted();
  }

  /** Tries again when what it waited for may be there. */
  configChanged(): void {
    if ('waiting' in this.state && this.state.waiting.reason === 'CreateContainerConfigError') this.start();
  }

  private tellOfStart(): void {
    const { name, image } = this.spec;
    this.hooks.tell('Pulled', `Container image "${image}" already present on machine`);
    this.hooks.tell('Created', `Created container: ${name}`);
    this.hooks.tell('Started', `Started container ${name}`);
  }

  private progressed(): void {
    if (this.isStarted) this.becameStarted();
    this.hooks.changed();
  }

  private wait(reason: string, message: string): void {
    this.enter({ waiting: { reason, message } });
  }

  private end(exitCode: number, message?: string): void {
    const { startedAt } = (this.state as { running: { startedAt: string } }).running;
    const terminated: Termination = {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      ...(message !== undefined && { message }),
      startedAt,
      finishedAt: timestamp(),
      containerID: this.id,
    };
    this.resolved = false;
    this.saysReady = false;
    this.everReady = false;
    this.context = undefined;
    const { run } = this;
    this.run = undefined;
    this.enter({ terminated });
    run?.abort();
    this.log.end();
  }

  private enter(state: ContainerState): void {
    if ('terminated' in this.state) this.lastState = this.state;
    this.state = state;
    this.hooks.changed();
  }

  private restartAfter(exitCode: number): void {
    if (!this.hooks.restarts(exitCode)) {
      this.over = true;
      this.hooks.changed();
      return;
    }
    const pause = restartPause(this.restartCount) * this.hooks.timeScale;
    if (pause > 0) {
      this.hooks.tell('BackOff', `Back-off restarting failed container ${this.spec.name}`, 'Warning');
      this.wait('CrashLoopBackOff', `back-off of ${Math.ceil(pause / 1000)} s before the next restart`);
    }
    this.restart = setTimeout(() => {
      this.restartCount += 1;
      this.previousLog = this.log;
      this.log = new ContainerLog();
      this.start();
    }, pause);
    this.restart.unref();
  }
}
