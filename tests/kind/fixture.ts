import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { execa } from 'execa';
import { parseDocument, stringify } from 'yaml';
import { isAlive } from '../../fixtures/guest/journal.ts';
import type { AuditEvent } from '../../reference/api/audit.ts';
import { writeKubeconfig } from '../../reference/api/kubeconfig.ts';
import { startMesh } from '../../reference/mesh.ts';
import { sha256 } from '../../scripts/downloads/sha256.ts';
import { laneNamed } from '../../scripts/lanes/lane.ts';
import { pinnedVersions } from '../../scripts/lanes/versions-file.ts';
import { platformHere } from '../../scripts/tools/platform.ts';
import { type Ended, suiteParts } from '../suite-copy.ts';
import { boutiqueManifest, calicoManifests } from './manifests.ts';
import { World, worldVariable } from './stand-ins/world.ts';

const root = join(import.meta.dirname, '..', '..');

/** A copy of the suite whose current lane is made of small manifests, with stand-ins for all programs it starts. */
export class Workshop {
  readonly folder: string;
  readonly world: World;

  constructor(folder: string, world: World) {
    this.folder = folder;
    this.world = world;
  }

  /** Starts a verb and leaves it running. */
  start(verb: 'conformance' | 'doctor' | 'down', ...args: string[]) {
    return execa(process.execPath, [join(this.folder, 'scripts', `${verb}.ts`), ...args], {
      cwd: this.folder,
      env: {
        HOME: this.folder,
        // Nothing of the machine's own, least of all a real docker.
        PATH: join(this.folder, 'bin'),
        [worldVariable]: this.world.folder,
        NODE_COMPILE_CACHE: join(this.folder, 'compiled'),
      },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
  }

  /** Runs `conformance --target kind`. */
  async conformance(...args: string[]): Promise<Ended> {
    return ended(this.start('conformance', '--target', 'kind', ...args));
  }

  async doctor(...args: string[]): Promise<Ended> {
    return ended(this.start('doctor', ...args));
  }

  async down(): Promise<Ended> {
    return ended(this.start('down'));
  }

  /** The files that runs have left. */
  files(): string[] {
    const state = join(this.folder, '.state');
    if (!existsSync(state)) return [];
    return readdirSync(state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(state.length + 1))
      .sort();
  }

  /** The folders that runs have left, also empty ones. */
  runs(): string[] {
    const runs = join(this.folder, '.state', 'runs');
    return existsSync(runs) ? readdirSync(runs) : [];
  }

  /** Everything outside the runs' reports that is still there. */
  left(): { containers: string[]; networks: string[]; processes: number[] } {
    const { hanging } = this.world;
    return {
      containers: this.world.names('containers'),
      networks: this.world.names('networks'),
      processes: hanging !== undefined && isAlive(hanging) ? [hanging] : [],
    };
  }

  /** Replaces a file that the lane is made of, with its digest. */
  bring(path: string, text: string): void {
    const digest = sha256(text);
    mkdirSync(join(this.folder, '.cache'), { recursive: true });
    writeFileSync(join(this.folder, '.cache', digest), text);
    this.edit((versions) => {
      const place = path === 'boutique' ? ['boutique', 'sha256'] : ['manifests', 'calico', 'v3.32.1', path];
      versions.setIn(place, digest);
    });
  }

  edit(change: (versions: ReturnType<typeof parseDocument>) => void): void {
    const file = join(this.folder, 'versions.yaml');
    const document = parseDocument(readFileSync(file, 'utf8'));
    change(document);
    writeFileSync(file, document.toString());
  }

  /** Everything that the lane needs, in one folder; its archives are empty, as nobody here unpacks them. */
  bundle(folder: string): void {
    const write = (file: string, text: string) => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), text);
      return { file, sha256: sha256(text) };
    };
    const image = (name: string, file: string) => ({ image: name, ...write(`images/${file}`, name) });
    this.bringPrograms(join(folder, 'tools'));
    const tool = (name: string, version: string) => {
      const file = join('tools', name);
      return { name, version, file, sha256: sha256(readFileSync(join(folder, file))) };
    };
    const { version } = pinnedVersions().boutique;
    const lane = { ...laneNamed('current'), node: 'kindest/node:v1.34.3' };
    const description = {
      format: 1,
      platform: platformHere(),
      lane,
      nodeGiven: false,
      node: image('docker.io/kindest/node:v1.34.3', 'node.tar'),
      agent: 'docker.io/library/node:24-alpine',
      images: [
        image('docker.io/istio/pilot:1.28.10', 'pilot.tar'),
        image('docker.io/library/node:24-alpine', 'agent.tar'),
        image('quay.io/calico/node:v3.32.1', 'calico.tar'),
      ],
      manifests: Object.entries(calicoManifests).map(([path, text], index) => ({
        path,
        release: 'v3.32.1',
        ...write(`manifests/${index}.yaml`, text),
      })),
      boutique: { version, ...write('manifests/boutique.yaml', boutiqueManifest) },
      tools: [tool('kind', 'v0.33.0'), tool('istioctl', '1.28.10')],
    };
    writeFileSync(join(folder, 'bundle.yaml'), stringify(description));
  }

  /** Takes a program off the PATH. */
  without(program: 'docker' | 'kind' | 'istioctl'): void {
    rmSync(join(this.folder, 'bin', program));
  }

  bringPrograms(bin: string = join(this.folder, 'bin')): void {
    mkdirSync(bin, { recursive: true });
    for (const program of ['docker', 'kind', 'istioctl']) {
      const standIn = join(import.meta.dirname, 'stand-ins', `${program}.ts`);
      // Playwright's own loader must not come along.
      writeFileSync(
        join(bin, program),
        `#!/bin/sh\nNODE_OPTIONS= exec '${process.execPath}' '${standIn}' "$@"\n`,
      );
      chmodSync(join(bin, program), 0o755);
    }
  }
}

export const nothingLeft = { containers: [], networks: [], processes: [] };

async function ended(
  run: PromiseLike<{ exitCode?: number; stdout: string; stderr: string }>,
): Promise<Ended> {
  const { exitCode, stdout, stderr } = await run;
  return { status: exitCode ?? -1, stdout, stderr };
}

export { expect };

/** `workshop` has everything but a cluster to lead to; `mesh` is one, and what was asked of its API. */
export const test = base.extend<{ workshop: Workshop; mesh: AuditEvent[] }, { copy: string }>({
  copy: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'alp-kind-'));
      for (const part of suiteParts) cpSync(join(root, part), join(folder, part), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  workshop: async ({ copy }, use, info) => {
    cpSync(join(root, 'versions.yaml'), join(copy, 'versions.yaml'));
    const workshop = new Workshop(copy, new World(info.outputPath('world')));
    for (const [path, text] of Object.entries(calicoManifests)) workshop.bring(path, text);
    workshop.bring('boutique', boutiqueManifest);
    workshop.edit((versions) => {
      versions.setIn(['lanes', 'current', 'node'], 'kindest/node:v1.34.3');
    });
    workshop.bringPrograms();
    // Until there is a mesh, clusters lead nowhere.
    const kubeconfig = info.outputPath('kubeconfig');
    writeKubeconfig(
      kubeconfig,
      { url: 'https://127.0.0.1:9', ca: '', clientCertificate: '', clientKey: '' },
      'nowhere',
    );
    workshop.world.mesh = { kubeconfig, ingress: { host: '127.0.0.1', port: 9 } };
    await use(workshop);
    for (const { ports } of workshop.world.containers()) if (ports !== undefined) process.kill(ports);
    for (const name of ['.state', '.cache', 'bundle'])
      rmSync(join(copy, name), { recursive: true, force: true });
  },

  mesh: async ({ workshop }, use, info) => {
    const events: AuditEvent[] = [];
    const mesh = await startMesh({ audit: (event) => events.push(event) });
    const kubeconfig = info.outputPath('kubeconfig');
    writeKubeconfig(kubeconfig, mesh.api, 'mesh');
    workshop.world.mesh = { kubeconfig, ingress: mesh.ingress };
    await use(events);
    await mesh.shut();
  },
});
