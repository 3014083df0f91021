// Starts serving-child.ts from its source, and talks with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildChild } from '../build-child.ts';

export interface ServingChild {
  readonly port: number;
  /** Whether its process still runs. */
  readonly isAlive: () => boolean;
  /** Ends it; resolves with its exit code and signal. */
  readonly stop: () => Promise<readonly unknown[]>;
}

/** @param given the data folder, the names of the infobases separated by commas, and the moment of the clock. */
export async function startChild(zone: string, ...given: readonly string[]): Promise<ServingChild> {
  const child = spawn(process.execPath, [buildChild('test/soap/serving-child.ts'), ...given], {
    env: { ...process.env, TZ: zone },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [port] = await Promise.race([once(createInterface(child.stdout), 'line'), exited]);
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new Error(`the service ended with ${child.exitCode ?? child.signalCode}`);
  }
  return {
    port: Number(port),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop() {
      child.stdin.end();
      return exited;
    },
  };
}

/** A child for the time of the work; it must end by itself afterwards, and with 0. */
export async function withChild<T>(
  zone: string,
  given: readonly string[],
  work: (child: ServingChild) => Promise<T>,
): Promise<T> {
  const child = await startChild(zone, ...given);
  try {
    return await work(child);
  } finally {
    expect(await child.stop()).toEqual([0, null]);
  }
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
