// Starts serving-child.ts from its source, and talks with it; for tests only, which it gives a hook of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServingChild {
  readonly port: number;
  /** Whether its process still runs. */
  readonly isAlive: () => boolean;
  /** The longest time its event loop has been held since this was last asked. */
  readonly readDelayMs: () => Promise<number>;
  /** Ends it; resolves with its exit code and signal. */
  readonly stop: () => Promise<readonly unknown[]>;
}

const children: ChildProcess[] = [];

// Only where a test has failed is there one left; it would keep the test run from ending.
afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** @param given the data folder, the names of the infobases by commas, and the moment at which the clock stands. */
export async function startChild(zone: string, ...given: readonly string[]): Promise<ServingChild> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/soap/serving-child.ts', ...given], {
    env: { ...process.env, TZ: zone },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const readNumber = async (): Promise<number> => {
    const told = await Promise.race([once(lines, 'line'), exited]);
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the service ended with ${child.exitCode ?? child.signalCode}`);
    }
    return Number(told[0]);
  };
  return {
    port: await readNumber(),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    readDelayMs() {
      child.stdin.write('\n');
      return readNumber();
    },
    stop() {
      child.stdin.end();
      return exited;
    },
  };
}

/** A data folder for a child, removed after the work. */
export async function inDataFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-child-'));
  try {
    mkdirSync(join(folder, 'data'));
    return await work(join(folder, 'data'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
