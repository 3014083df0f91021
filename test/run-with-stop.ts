// A stop for work that holds the event loop: Jest's own timeout cannot fire before such work has ended.
import { runInNewContext } from 'node:vm';

/** Hundreds of times what the work of a test takes: work whose steps grow with the square of its input is stopped. */
const stopMs = 20_000;

/** Runs the work and returns what it returns. Throws where it has not ended in 20 seconds. */
export function runWithStop<T>(work: () => T): T {
  return runInNewContext('work()', { work }, { timeout: stopMs }) as T;
}
