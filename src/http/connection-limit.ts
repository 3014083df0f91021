// How many connections the service holds: as many as configured, and never more than the open files that the process
// may have.
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Limits } from './limit-counts.ts';
import { openLogPeriod, type LogPeriod, type RunLater } from '../log-period.ts';

/** Left for databases, logs and files of the exchange. */
const reservedDescriptors = 100;
const leastConnections = 16;
const periodMs = 60_000;

/** Files that this process may have open; undefined if the system does not say. */
export function readDescriptorLimit(): number | undefined {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** The limit asked for, or less if descriptors are few. */
export function fitConnectionLimit(asked: number, descriptors: number | undefined): number {
  if (descriptors === undefined) return asked;
  return Math.min(asked, Math.max(leastConnections, descriptors - reservedDescriptors));
}

export interface RefusedConnectionsLine {
  readonly seconds: number;
  readonly count: number;
  readonly limit: number;
}

/**
 * From now on the server closes connections above the limit at once; `write` gets one line for each
 * minute in which that happens.
 */
export function limitConnections(
  http: Server,
  limit: number,
  write: (line: RefusedConnectionsLine) => void,
  runLater: RunLater,
  limits: Pick<Limits, 'count'>,
): LogPeriod {
  let count = 0;
  const period = openLogPeriod(periodMs, runLater, () => {
    const line = { seconds: periodMs / 1000, count, limit };
    count = 0;
    write(line);
  });
  http.maxConnections = limit;
  http.on('drop', () => {
    count += 1;
    limits.count('connections');
    period.begin();
  });
  return period;
}
