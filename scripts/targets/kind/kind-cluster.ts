import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { nodesOf, removeContainers, removeNetwork } from './docker.ts';
import { networkVariable } from './names.ts';
import { Programs } from './programs.ts';
import { type KindRecord, logsFolder, removeRecord } from './record.ts';
import { ProgramError, type ProgramOptions, runProgram } from './run-program.ts';

/** The cluster of a record, by way of the kind program. */
export class KindCluster {
  readonly record: KindRecord;
  /** The kubeconfig of whoever made it, who may do everything. */
  readonly kubeconfig: string;
  private readonly programs: Programs;

  constructor(record: KindRecord) {
    this.record = record;
    this.kubeconfig = join(record.folder, 'kubeconfig');
    this.programs = new Programs(record.folder);
  }

  /**
   * Makes it, without waiting for its nodes, which are not ready before they have a network. When that fails the
   * nodes stay, so that their logs can be had.
   *
   * @throws ProgramError with the last that kind said.
   */
  async create(config: object, image: string, signal: AbortSignal): Promise<void> {
    const file = join(this.record.folder, 'kind-config.yaml');
    writeFileSync(file, stringify(config));
    const options = ['--config', file, '--image', image, '--kubeconfig', this.kubeconfig];
    await this.kind(['create', 'cluster', ...this.named, ...options, '--wait', '0s', '--retain'], { signal });
  }

  /** Loads docker archives into every node. */
  async load(archives: readonly string[], signal: AbortSignal): Promise<void> {
    if (archives.length > 0)
      await this.kind(['load', 'image-archive', ...archives, ...this.named], { signal });
  }

  /** Writes a kubeconfig for a cluster that is there. */
  async exportKubeconfig(signal: AbortSignal): Promise<void> {
    await this.kind(['export', 'kubeconfig', ...this.named, '--kubeconfig', this.kubeconfig], { signal });
  }

  /**
   * Collects the logs of its nodes and pods.
   *
   * @returns their folder; undefined when there is nothing to collect them from.
   */
  async exportLogs(): Promise<string | undefined> {
    const folder = join(this.record.folder, logsFolder);
    mkdirSync(folder, { recursive: true });
    try {
      await this.kind(['export', 'logs', folder, ...this.named], { timeoutMs: 120_000 });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
    return folder;
  }

  /**
   * Deletes it and all that was made for it: programs under way, containers, network, files, and at last its record.
   * What is gone already is no error, so this may be done again.
   */
  async delete(): Promise<void> {
    const { cluster, network } = this.record;
    const engine = { env: this.env };
    await this.programs.end();
    await this.kind(['delete', 'cluster', ...this.named, '--kubeconfig', this.kubeconfig], {
      timeoutMs: 180_000,
    }).catch((error: unknown) => {
      // The program may be gone with its bundle: docker can do the same, and says what is wrong with it.
      if (!(error instanceof ProgramError)) throw error;
    });
    // Also what was asked for in the moment its maker ended, and came late.
    await removeContainers(await nodesOf(cluster, engine), engine);
    if (network !== undefined) await removeNetwork(network, engine);
    this.removeFiles();
    removeRecord(this.record);
  }

  /** Removes what belongs to it of the run's folder, but for its record. */
  removeFiles(): void {
    const { folder } = this.record;
    if (!existsSync(folder)) return;
    const others = new Set(['kind-config.yaml', 'mirrors', 'programs']);
    // Kubeconfigs with whatever stands beside them while they are written: a token may be in it.
    const ours = readdirSync(folder).filter((name) => name.startsWith('kubeconfig') || others.has(name));
    for (const name of ours) rmSync(join(folder, name), { recursive: true, force: true });
  }

  /** Runs a program for this cluster; one that outlives its run is ended by `delete`. */
  async run(file: string, args: readonly string[], options: ProgramOptions): Promise<void> {
    await runProgram(file, args, {
      ...options,
      env: { ...this.env, ...options.env },
      onStart: (pid) => this.programs.note(pid, this.record.folder),
    });
  }

  private async kind(args: readonly string[], options: ProgramOptions): Promise<void> {
    const { kind, cluster, network } = this.record;
    await runProgram(kind, args, {
      ...options,
      env: { ...this.env, ...(network !== undefined && { [networkVariable]: network }) },
      onStart: (pid) => this.programs.note(pid, cluster),
    });
  }

  private get named(): string[] {
    return ['--name', this.record.cluster];
  }

  private get env(): Record<string, string> {
    return this.record.engine;
  }
}
