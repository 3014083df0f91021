// What a process calls itself where one of many may run a job: readable to an operator, and never given twice.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** "till-server 4711 0e0f..." */
export function nameRunner(): string {
  return `${hostname()} ${process.pid} ${randomUUID()}`;
}
