// The built service as a process of its own, for tests about what surrounds it: its output, its log file, signals, npm, its
// data folder. It is asked over HTTP, for its output may be what the test has broken.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { callOnce, type Credentials } from '../../soap/testing-service.ts';

export const cli = 'dist/src/cli.js';
export const admin = { name: 'admin', password: 'a password that was given' };

export interface BuiltOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Variables of the process that are not the product's settings. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its output goes (default: pipes that are read to the end). */
  readonly stdio?: StdioOptions;
  /** What is run instead of `node dist/src/cli.js serve`. */
  readonly command?: readonly string[];
}

export interface BuiltService {
  readonly child: ChildProcess;
  readonly port: number;
  /** Lines of standard output; those of a pipe only. */
  readonly lines: readonly string[];
  /** Text of standard error. */
  readonly readErrors: () => string;
  /** [code, signal], once all output is there. */
  readonly ended: Promise<readonly unknown[]>;
}

export interface Workshop {
  readonly folder: string;
  readonly dataDir: string;
  /** Starts it and does not wait for anything. */
  spawn(options?: BuiltOptions): Promise<BuiltService>;
  /** Starts it and waits until it takes calls. */
  start(options?: BuiltOptions): Promise<BuiltService>;
  /** Kills what a failed test has left, and removes the folder. */
  close(): void;
}

export function openWorkshop(): Workshop {
  if (!existsSync(cli)) throw new Error(`${cli} is not there: build first`);
  const folder = mkdtempSync(join(tmpdir(), 'kkm-built-'));
  const dataDir = join(folder, 'data');
  const services: BuiltService[] = [];
  const spawnOne = async (options: BuiltOptions = {}): Promise<BuiltService> => {
    const port = await findFreePort();
    const given = { DATA_DIR: dataDir, PORT: String(port), ADMIN_PASSWORD: admin.password, ...options.settings };
    const service = spawnBuilt(port, given, options);
    services.push(service);
    return service;
  };
  return {
    folder,
    dataDir,
    spawn: spawnOne,
    async start(options) {
      const service = await spawnOne(options);
      await waitForStatus(service, '/readyz', 200);
      return service;
    },
    close() {
      for (const { child } of services) {
        child.kill('SIGKILL');
        // A pipe that no test has read to its end would keep the test's own process.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function spawnBuilt(port: number, given: Readonly<Record<string, string>>, options: BuiltOptions): BuiltService {
  const [program = '', ...args] = options.command ?? [process.execPath, cli, 'serve'];
  const settings = Object.fromEntries(Object.entries(given).map(([name, value]) => [`KKM_${name}`, value]));
  const child = spawn(program, args, {
    env: { ...process.env, ...settings, ...options.environment },
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  let errors = '';
  if (options.stdio === undefined && child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => lines.push(line));
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return { child, port, lines, ended, readErrors: () => errors };
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** What the service answers; undefined where nobody listens. */
export async function get(
  { port }: { readonly port: number },
  path: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return undefined;
  }
}

/** Asks until the answer has that status: only the test's own time-out ends it, or the service's end. */
export async function waitForStatus(service: BuiltService, path: string, status: number): Promise<string> {
  for (;;) {
    const answer = await get(service, path);
    if (answer?.status === status) return answer.text;
    if (!isAlive(service)) throw new Error(`the service has ended: ${service.readErrors()}`);
    await sleep(50);
  }
}

export async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

export function isAlive({ child }: BuiltService): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The status of a Ping with those credentials. */
export async function ping(service: { readonly port: number }, user: Credentials = admin): Promise<number> {
  const body =
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
    '<Ping xmlns="http://www.kkm.solutions/KKMTransfer"/></s:Body></s:Envelope>';
  return (await callOnce(service, { body, user })).status;
}

/** Ends it as an operator does, and expects a clean end. */
export async function stop({ child, ended }: BuiltService): Promise<void> {
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}
