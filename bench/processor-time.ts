// Processor time of a process, from what Linux counts for each thread.
import { readdirSync, readFileSync } from 'node:fs';

const readThread = (pid: number, thread: number | string): number =>
  // The first of the three numbers: nanoseconds on a processor.
  Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')) / 1e6;

/** Of all threads that run; undefined where the system does not tell it. */
export function readProcessorMs(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + readThread(pid, thread), 0);
  } catch {
    return undefined;
  }
}

/** Of this process, ended threads included, without its main thread; NaN where the system does not tell it. */
export function readBesideMs(): number {
  const { user, system } = process.cpuUsage();
  try {
    return (user + system) / 1000 - readThread(process.pid, process.pid);
  } catch {
    return Number.NaN;
  }
}
