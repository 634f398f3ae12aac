import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a stand-in does otherwise when its arguments contain some words. */
export interface Behaviour {
  program: 'kind' | 'docker' | 'istioctl';
  when: string;
  /** Its own work first. */
  after?: boolean;
  /** Ends with a status and these words on standard error. */
  fails?: { status: number; saying: string };
  /** Never ends by itself. */
  hangs?: boolean;
}

export interface Container {
  name: string;
  cluster: string;
  network: string;
  /** The process that opens its ports on this machine. */
  ports?: number;
}

/** The cluster that every stand-in cluster leads to. */
export interface Mesh {
  kubeconfig: string;
  ingress: { host: string; port: number };
}

/** The folder that tells the stand-ins of what the others have done. */
export const worldVariable = 'ALP_STAND_INS';

/**
 * What Docker would know, as files: its containers, networks and images. Stand-ins change it, and tests look at it
 * afterwards.
 */
export class World {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    for (const kind of ['containers', 'networks', 'images']) {
      mkdirSync(join(folder, kind), { recursive: true });
    }
  }

  add(kind: 'containers' | 'networks' | 'images', name: string, value: object = {}): void {
    writeFileSync(this.fileOf(kind, name), JSON.stringify({ name, ...value }));
  }

  remove(kind: 'containers' | 'networks' | 'images', name: string): void {
    rmSync(this.fileOf(kind, name), { force: true });
  }

  has(kind: 'containers' | 'networks' | 'images', name: string): boolean {
    return existsSync(this.fileOf(kind, name));
  }

  names(kind: 'containers' | 'networks' | 'images'): string[] {
    return readdirSync(join(this.folder, kind)).map(decodeURIComponent).sort();
  }

  containers(): Container[] {
    return this.names('containers').map(
      (name) => JSON.parse(readFileSync(this.fileOf('containers', name), 'utf8')) as Container,
    );
  }

  /** What was asked of all stand-ins, one line a call, in order. */
  calls(): string[] {
    const file = join(this.folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  called(program: string, args: readonly string[]): void {
    appendFileSync(join(this.folder, 'calls'), `${[program, ...args].join(' ')}\n`);
  }

  behave(...behaviours: Behaviour[]): void {
    this.write('behaviours', behaviours);
  }

  behaviours(): Behaviour[] {
    return (this.read('behaviours') as Behaviour[] | undefined) ?? [];
  }

  set mesh(mesh: Mesh) {
    this.write('mesh', mesh);
  }

  get mesh(): Mesh {
    return this.read('mesh') as Mesh;
  }

  /** What the engine says of itself. */
  set engine(facts: object) {
    this.write('engine', facts);
  }

  get engine(): object {
    return (
      (this.read('engine') as object | undefined) ?? { ServerVersion: '28.0.0', MemTotal: 16 * 1024 ** 3 }
    );
  }

  /** A stand-in that hangs says who it is. */
  set hanging(pid: number) {
    this.write('hanging', pid);
  }

  get hanging(): number | undefined {
    return this.read('hanging') as number | undefined;
  }

  private read(name: string): unknown {
    const file = join(this.folder, `${name}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  private write(name: string, value: unknown): void {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(value));
  }

  private fileOf(kind: string, name: string): string {
    return join(this.folder, kind, encodeURIComponent(name));
  }
}
