// The built program under the kill switch: a command that runs to its end or to its kill, and the service, which is killed
// by the switch or from outside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cli, isAlive, waitUntil, type BuiltService, type Workshop } from '../commands/service/built-service.ts';

export type Thread = 'main' | 'worker';

/** Before its `step`-th step the process is killed: from its start on, or from when it is armed. */
export interface KillPoint {
  readonly thread: Thread;
  readonly step: number;
  readonly from: 'start' | 'signal';
}

/** From here on steps count. */
export function arm({ child }: BuiltService): void {
  child.kill('SIGCONT');
}

export interface KillOptions {
  readonly killAt?: KillPoint | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly isKilled: boolean;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const program = ['--require', resolve('test/crash/kill-switch.cjs'), cli];
/** A dead process keeps a lease for a minute at most. */
const leaseMs = 61_000;

/** The programs of one data folder, each with its clock a lease ahead of the one before. */
export interface Killer {
  /** Runs `kkm` with these arguments to its end. */
  run(args: readonly string[], options?: KillOptions): Promise<Ended>;
  /** Starts the service; undefined where it was killed before it took calls. */
  serve(options?: KillOptions): Promise<BuiltService | undefined>;
  /** How many steps an unbroken run takes in that thread: the greatest where there were several. */
  countSteps(
    thread: Thread,
    work: (environment: { readonly TEST_STEPS_FILE: string }) => Promise<unknown>,
  ): Promise<number>;
}

export function openKiller(workshop: Workshop): Killer {
  let started = 0;
  const surround = ({ killAt, environment }: KillOptions): Record<string, string> => {
    started += 1;
    return {
      TEST_CLOCK_AHEAD_MS: String(started * leaseMs),
      ...(killAt === undefined ? {} : { TEST_KILL_AT: `${killAt.thread} ${killAt.step} ${killAt.from}` }),
      ...environment,
    };
  };
  return {
    async run(args, options = {}) {
      const env = { ...process.env, KKM_DATA_DIR: workshop.dataDir, ...surround(options) };
      const child = spawn(process.execPath, [...program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      return { isKilled: signal === 'SIGKILL', code, out, err };
    },
    async serve(options = {}) {
      const service = await workshop.spawn({
        command: [process.execPath, ...program, 'serve'],
        environment: surround(options),
      });
      const isReady = await waitForReady(service);
      if (isReady) return service;
      if (!wasKilled(await service.ended)) throw new Error(`the service has ended: ${service.readErrors()}`);
      return undefined;
    },
    async countSteps(thread, work) {
      const file = join(workshop.folder, 'steps');
      await work({ TEST_STEPS_FILE: file });
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      rmSync(file);
      return Math.max(0, ...lines.filter((line) => line.startsWith(thread)).map((line) => Number(line.split(' ')[1])));
    },
  };
}

export function wasKilled([code, signal]: readonly unknown[]): boolean {
  return code === null && signal === 'SIGKILL';
}

/** By the line of its log: a door that is asked again and again would add steps of its own. */
async function waitForReady(service: BuiltService): Promise<boolean> {
  await waitUntil(() => service.lines.some((line) => line.includes('"message":"ready"')) || !isAlive(service));
  return isAlive(service);
}
