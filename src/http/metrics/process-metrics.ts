// What prom-client says of any Node process: CPU, memory, open files, delay of the event loop, garbage collection.
import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Once for a process: it watches the event loop and the garbage collection from now on, to the end of the process. */
export function declareProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register });
}
