// Starts the processes of a measurement: the servers, each with a database of its own, on one core where there are two,
// and the load on the other.
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../src/paths.ts';
import type { LoadFigures, LoadOrder } from './load.ts';
import { readProcessorMs } from './processor-time.ts';
import { authorization } from './requests.ts';
import { describeServiceRun, type ServiceRecipe } from './variants/service.ts';

export const variantNames = ['ceiling', 'service', 'serviceNormal', 'nodeSoapSqlite', 'stock', 'php'] as const;
export type VariantName = (typeof variantNames)[number];
/** Variants, the service in stage billing, and the service on other Node releases: "Node 24.1.0". */
export type ServerName = VariantName | 'billing' | `Node ${string}`;

const readyWithinMs = 60_000;
const benchFolder = join(packageRoot, 'bench');
// The loader translates TypeScript as files are read, and costs nothing after.
const typescript = [process.execPath, '--import', 'tsx'];

export const hasCores = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).error === undefined;

function spawnOn(core: number, command: readonly string[], options: SpawnOptions): ChildProcess {
  const [first, ...rest] = hasCores ? ['taskset', '-c', String(core), ...command] : command;
  return spawn(first as string, rest, { ...options, cwd: packageRoot });
}

function describeRun(name: VariantName, file: string): ServiceRecipe {
  const script = (own: string): readonly string[] => [...typescript, join(benchFolder, 'variants', own), file];
  switch (name) {
    case 'service':
      return describeServiceRun(file);
    case 'serviceNormal':
      return describeServiceRun(file, 'synchronous-normal.cjs');
    case 'ceiling':
      return { command: script('ceiling.ts'), environment: {} };
    case 'nodeSoapSqlite':
      return { command: script('node-soap-sqlite.ts'), environment: {} };
    case 'stock':
      return { command: script('stock.ts'), environment: {} };
    case 'php':
      return {
        command: ['php', '-S', '127.0.0.1:0', join(benchFolder, 'variants/php-soap-server.php')],
        environment: {
          BENCH_DATABASE: file,
          BENCH_WSDL: join(packageRoot, 'wsdl/default/KKMTransfer.wsdl'),
          BENCH_AUTHORIZATION: authorization,
        },
      };
  }
}

/** Why PHP cannot be measured here; undefined where it can. */
export function findPhpLack(): string | undefined {
  const { error, stdout } = spawnSync('php', ['-m'], { encoding: 'utf8' });
  if (error !== undefined) return 'there is no php here';
  const missing = ['soap', 'pdo_sqlite'].filter((name) => !stdout.toLowerCase().split('\n').includes(name));
  return missing.length === 0 ? undefined : `php has no extension ${missing.join(', ')}`;
}

export class RunningServer {
  readonly port: number;
  /** From the start of the process to the line that tells it listens. */
  readonly readyMs: number;
  private readonly child: ChildProcess;
  private readonly outputFile: string;

  private constructor(child: ChildProcess, outputFile: string, port: number, readyMs: number) {
    this.child = child;
    this.outputFile = outputFile;
    this.port = port;
    this.readyMs = readyMs;
  }

  /** @param dataset the database to start with; it is copied, once for each folder. */
  static start(name: VariantName, folder: string, dataset: string): Promise<RunningServer> {
    return RunningServer.run(folder, dataset, (file) => describeRun(name, file));
  }

  /** @param describe the server's own command, for the copy of the database. */
  static run(folder: string, dataset: string, describe: (file: string) => ServiceRecipe): Promise<RunningServer> {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'trade.sqlite');
    copyFileSync(dataset, file);
    return RunningServer.open(folder, describe(file));
  }

  /** @param folder its output goes there. */
  static async open(folder: string, { command, environment }: ServiceRecipe): Promise<RunningServer> {
    const outputFile = join(folder, 'output.log');
    const output = openSync(outputFile, 'a');
    const startedAt = performance.now();
    const env = { ...process.env, ...environment };
    const child = spawnOn(0, command, { stdio: ['ignore', output, output], env });
    closeSync(output);
    for (;;) {
      const told = readFileSync(outputFile, 'utf8');
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(told);
      const spentMs = performance.now() - startedAt;
      if (found !== null) return new RunningServer(child, outputFile, Number(found[1]), spentMs);
      if (child.exitCode !== null || spentMs > readyWithinMs)
        throw new Error(`${command.join(' ')} did not start:\n${told}`);
      await wait(2);
    }
  }

  /** Resident memory, bytes; undefined where the system does not tell it. */
  readMemory(): number | undefined {
    const { stdout, error } = spawnSync('ps', ['-o', 'rss=', '-p', String(this.child.pid)], { encoding: 'utf8' });
    return error === undefined && stdout.trim() !== '' ? Number(stdout) * 1024 : undefined;
  }

  /** Processor time used so far, all threads; undefined where the system does not tell it. */
  readCpuMs(): number | undefined {
    return readProcessorMs(this.child.pid as number);
  }

  /** Whether it runs, and what it said last. */
  describeEnd(): string {
    const { exitCode, signalCode } = this.child;
    const isRunning = exitCode === null && signalCode === null;
    const end = readFileSync(this.outputFile, 'utf8').slice(-1000);
    return `the server ${isRunning ? 'runs' : `ended with ${exitCode ?? signalCode}`}; its output ends:\n${end}`;
  }

  /** The request log grows by megabytes a second. */
  dropOutput(): void {
    truncateSync(this.outputFile);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

export class Load {
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static async start(): Promise<Load> {
    const child = spawnOn(1, [...typescript, join(benchFolder, 'load.ts')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return new Load(child);
  }

  async measure(order: LoadOrder): Promise<LoadFigures> {
    const answered = once(this.child, 'message') as Promise<[{ figures?: LoadFigures; trouble?: string }]>;
    this.child.send(order);
    const [{ figures, trouble }] = await answered;
    if (figures === undefined) throw new Error(`the load failed: ${trouble}`);
    return figures;
  }

  stop(): void {
    this.child.disconnect();
  }
}
