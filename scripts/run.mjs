// Starts one of the suite's verbs from a bare clone: `node scripts/run.mjs scripts/conformance.ts [arguments]`.
//
// Plain JavaScript for Node 20, because nothing else is there yet. It brings in the locked packages and, where
// the machine's Node is older than 24, Node 24 from npm's `node` package; all within this folder, and only once.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeVersion = '24.21.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`Node ${process.versions.node} is too old to start with; install Node 20 or newer.`);

bringPackages();
const node = major >= 24 ? process.execPath : bringNode();
const [script, ...args] = process.argv.slice(2);
const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
const child = spawn(node, [join(root, script), ...args], {
  stdio: 'inherit',
  // A run starts a dozen processes of the same code; kept compiled, each starts a fifth faster.
  env: { NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...process.env, PATH: path },
});
// The terminal sends Ctrl-C to the verb as well; it puts the cluster back, so this process must outlive it.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status, signal) => process.exit(status ?? (signal === 'SIGINT' ? 130 : 3)));

/** npm writes its own lock into node_modules when it is done, so an older one means a stale or half install. */
function bringPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  )
    return;
  npm('Installing the locked packages', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
}

function bringNode() {
  const prefix = join(root, '.tools', `node-${nodeVersion}`);
  const binary = join(
    prefix,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (works(binary)) return binary;
  rmSync(prefix, { recursive: true, force: true });
  npm(`Bringing in Node ${nodeVersion}`, [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    `node@${nodeVersion}`,
  ]);
  if (!works(binary))
    fail(`npm's node package brought no working Node ${nodeVersion}; install Node 24 yourself.`);
  return binary;
}

function works(binary) {
  return existsSync(binary) && spawnSync(binary, ['--version']).status === 0;
}

function npm(what, args) {
  process.stderr.write(`${what} ...\n`);
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const said = error?.message ?? `${stderr}${stdout}`.trim();
  if (error || status !== 0) {
    fail(
      `npm ${args[0]} failed (${said || 'it said nothing'}); check the way to the package registry, then run again.`,
    );
  }
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(3);
}
