import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseDocument } from 'yaml';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { sha256 } from '../../scripts/downloads/sha256.ts';
import { type Access, grant } from '../../scripts/permissions/grant.ts';
import { objectsOf, type Part, placeholders } from '../../scripts/permissions/manifest.ts';
import { startReference } from '../../scripts/targets/reference.ts';
import { boutiqueManifest } from '../kind/manifests.ts';
import { type Ended, suiteParts } from '../suite-copy.ts';

const root = join(import.meta.dirname, '..', '..');

/** A copy of the suite, so that what its runs leave is nobody's else, whose shop is the reference mesh's. */
export class SuiteCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'alp-least-privilege-'));
  readonly boutique = join(this.folder, 'boutique.yaml');

  constructor() {
    for (const part of suiteParts) cpSync(join(root, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
    writeFileSync(this.boutique, boutiqueManifest);
    const file = join(this.folder, 'versions.yaml');
    const versions = parseDocument(readFileSync(file, 'utf8'));
    versions.setIn(['boutique', 'sha256'], sha256(boutiqueManifest));
    writeFileSync(file, versions.toString());
  }

  start(verb: 'conformance' | 'down', ...args: string[]) {
    return execa(process.execPath, [join(this.folder, 'scripts', `${verb}.ts`), ...args], {
      cwd: this.folder,
      env: { HOME: this.folder, NODE_OPTIONS: '' },
      reject: false,
      stdin: 'ignore',
    });
  }

  async run(verb: 'conformance' | 'down', ...args: string[]): Promise<Ended> {
    const { exitCode, stdout, stderr } = await this.start(verb, ...args);
    return { status: exitCode ?? -1, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A reference mesh that keeps an audit log, and someone who may do there what some parts grant. */
export interface Lent {
  administrator: Cluster;
  access: Access;
  auditLog: string;
  close: () => Promise<void>;
}

/** The Secret that parts with a pull secret are for. */
export const pullSecret = { namespace: 'registry', name: 'login' } as const;

/** Starts a mesh, does something to it, and lends it. */
export async function lend(
  folder: string,
  { calico, parts, before }: { calico?: string; parts: Part[]; before?: (cluster: Cluster) => Promise<void> },
): Promise<Lent> {
  mkdirSync(folder, { recursive: true });
  const auditLog = join(folder, 'audit.ndjson');
  const mesh = await startReference({ folder: join(folder, 'mesh'), auditLog, calico });
  const config = loadKubeConfig(mesh);
  const administrator = Cluster.connect(config);
  await before?.(administrator);
  const access = { kubeconfig: join(folder, 'guest'), context: 'guest' };
  const { pull, plain } = Object.groupBy(parts, (part) => (part === 'pull-secret' ? 'pull' : 'plain'));
  if (pull !== undefined) await applyPullSecret(administrator);
  await grant(config, plain ?? [], access, new AbortController().signal);
  return {
    administrator,
    access,
    auditLog,
    close: async () => {
      await administrator.close();
      await mesh.close();
    },
  };
}

/** As a person does with the line at the head of that manifest. */
async function applyPullSecret(cluster: Cluster): Promise<void> {
  for (const object of objectsOf('pull-secret')) {
    const text = JSON.stringify(object)
      .replaceAll(placeholders.secretNamespace, pullSecret.namespace)
      .replaceAll(placeholders.secretName, pullSecret.name);
    await cluster.apply(JSON.parse(text), { force: true });
  }
}
