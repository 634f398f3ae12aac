import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { execa, execaSync } from 'execa';
import { parseDocument } from 'yaml';
import { sha256 } from '../../scripts/downloads/sha256.ts';

const root = join(import.meta.dirname, '..', '..');

/** Small files in the place of the released ones, which are other people's. */
const manifests = {
  'manifests/calico-v3-crds.yaml': daemonSet('calico-node', 'quay.io/calico/node:v3.32.1'),
  'manifests/csi-driver.yaml': daemonSet('csi-node-driver', 'quay.io/calico/csi:v3.32.1'),
};
const boutique = daemonSet('redis-cart', 'redis:alpine');
const istio = [
  daemonSet('istiod', 'docker.io/istio/pilot:1.28.10'),
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector' },
    data: {
      values: JSON.stringify({
        global: { hub: 'docker.io/istio', tag: '1.28.10', proxy: { image: 'proxyv2' } },
      }),
    },
  }),
].join('\n---\n');

/** The images that a bundle of the workshop's lane has, beside the nodes' own. */
export const workloadImages = [
  'docker.io/istio/pilot:1.28.10',
  'docker.io/istio/proxyv2:1.28.10',
  'docker.io/library/node:24-alpine',
  'docker.io/library/redis:alpine',
  'quay.io/calico/csi:v3.32.1',
  'quay.io/calico/dikastes:v3.32.1',
  'quay.io/calico/node:v3.32.1',
];

export const nodeDigest = `sha256:${'1'.repeat(64)}`;

export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Workshop {
  /** Where the bundle goes. */
  output: string;
  /** The copy of the suite. */
  suite: string;
  /** Runs `npm run bundle`; the manifests are at hand unless other arguments are given for them. */
  bundle: (...args: string[]) => Promise<Ended>;
  start: (...args: string[]) => ReturnType<typeof startIn>;
  /** What docker was asked to do, in order; the asking whether it is there is left out. */
  dockerCalls: () => string[];
  /** Makes docker fail from now on, where its arguments match. */
  dockerFails: (where: string, saying: string) => void;
  /** Makes docker hang where its arguments match. */
  dockerHangs: (where: string) => void;
  withoutDocker: () => void;
  /** Makes a docker archive of empty layers. */
  archive: (file: string, tags: string[]) => Promise<void>;
  /** Makes an archive of files, by their names. */
  archiveOf: (file: string, files: Record<string, string>) => Promise<void>;
}

/**
 * A copy of the suite whose `current` lane is made of small files, and stand-ins for the programs it starts: they
 * are all that is on PATH, record how they are called, and fail where they are told to.
 */
export const test = base.extend<{ workshop: Workshop }, { copy: string }>({
  copy: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'alp-bundle-'));
      for (const part of ['scripts', 'fixtures', 'package.json', 'versions.yaml']) {
        cpSync(join(root, part), join(folder, part), { recursive: true });
      }
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
      pinOwnFiles(join(folder, 'versions.yaml'));
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  workshop: async ({ copy }, use, info) => {
    const place = (...parts: string[]) => join(info.outputPath(), ...parts);
    for (const folder of ['bin', 'given', 'archives']) mkdirSync(place(folder), { recursive: true });
    for (const [path, text] of Object.entries(manifests)) {
      writeFileSync(place('given', path.replace('/', '-')), text);
    }
    writeFileSync(place('given', 'shop.yaml'), boutique);
    rmSync(join(copy, '.cache'), { recursive: true, force: true });

    const log = place('docker-calls');
    const plan = place('docker-plan.json');
    const standIn = (name: string, body: string) => {
      writeFileSync(place('bin', name), `#!${process.execPath}\n${body}\n`);
      chmodSync(place('bin', name), 0o755);
    };
    standIn('docker', docker(log, plan));
    standIn('kind', "console.log('kind v0.33.0 go1.26.8 linux/amd64');");
    standIn(
      'istioctl',
      `console.log(process.argv[2] === 'version' ? '{ "clientVersion": { "version": "1.28.10" } }' : ${JSON.stringify(istio)});`,
    );
    const { stdout: tar } = execaSync('which', ['tar']);
    symlinkSync(tar, place('bin', 'tar'));

    const archiveOf: Workshop['archiveOf'] = async (file, files) => {
      const folder = place('archive-parts', file);
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      await execa('tar', ['-cf', place('archives', file), '-C', folder, ...Object.keys(files)]);
    };
    const start = (...args: string[]) =>
      startIn(copy, info.outputPath(), ['--output', place('bundle'), '--manifests', place('given'), ...args]);
    await use({
      output: place('bundle'),
      suite: copy,
      start,
      bundle: async (...args) => {
        const { exitCode, stdout, stderr } = await start(...args);
        return { status: exitCode ?? -1, stdout, stderr };
      },
      dockerCalls: () =>
        existsSync(log)
          ? readFileSync(log, 'utf8')
              .trim()
              .split('\n')
              .filter((call) => !call.startsWith('info'))
          : [],
      dockerFails: (where, saying) => writeFileSync(plan, JSON.stringify({ where, saying })),
      dockerHangs: (where) => writeFileSync(plan, JSON.stringify({ where })),
      withoutDocker: () => rmSync(place('bin', 'docker')),
      archiveOf,
      archive: (file, tags) =>
        archiveOf(file, {
          'config.json': JSON.stringify({ of: tags }),
          'manifest.json': JSON.stringify([{ Config: 'config.json', RepoTags: tags, Layers: [] }]),
        }),
    });
  },
});

function startIn(suite: string, folder: string, args: readonly string[]) {
  return execa(process.execPath, [join(suite, 'scripts', 'bundle.ts'), ...args], {
    cwd: suite,
    env: {
      HOME: suite,
      PATH: join(folder, 'bin'),
      NODE_COMPILE_CACHE: join(suite, 'compiled'),
      INIT_CWD: folder,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
}

/** A docker that writes an archive's name where it is told to save one. */
function docker(log: string, plan: string): string {
  return `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, args.join(' ') + '\\n');
const { where, saying } = existsSync(${JSON.stringify(plan)}) ? JSON.parse(readFileSync(${JSON.stringify(plan)}, 'utf8')) : {};
if (where !== undefined && args.join(' ').includes(where)) {
  if (saying === undefined) setInterval(() => {}, 1000);
  else {
    process.stderr.write('first line\\n' + saying + '\\n');
    process.exit(1);
  }
} else if (args[0] === 'info') console.log('{"ServerVersion":"29.0.0"}');
else if (args[0] === 'save') writeFileSync(args[2], 'archive of ' + args[3]);
`;
}

function pinOwnFiles(file: string): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.setIn(['lanes', 'current', 'node'], `kindest/node:v1.34.3@${nodeDigest}`);
  document.setIn(['boutique', 'sha256'], sha256(boutique));
  for (const [path, text] of Object.entries(manifests)) {
    document.setIn(['manifests', 'calico', 'v3.32.1', path], sha256(text));
  }
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}

function daemonSet(name: string, image: string): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
}
