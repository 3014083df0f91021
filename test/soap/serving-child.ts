// The service in a process of its own, for tests that choose its time zone or try to end it: told its data folder, the
// names of its infobases and, where the clock is to stand still, the moment. It tells its port on standard output. For
// each line on its standard input it tells the longest time, in milliseconds, that its event loop has been held since
// the last one; it stops when the input ends.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { createLogger, transports } from 'winston';
import { readConfig } from '../../src/config.ts';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';
import { serve } from '../../src/main.ts';

async function main([dataDir = '', infobases = '', moment]: readonly string[]): Promise<void> {
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, INFOBASES: infobases });
  const log = createLogger({ silent: true, transports: [new transports.Console()] });
  const clock = moment === undefined ? {} : { clock: { now: () => moment as LocalDateTime } };
  const service = await serve({ config, log, tell: () => undefined, ...clock });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  createInterface(process.stdin)
    .on('line', () => {
      process.stdout.write(`${Math.round(delay.max / 1e6)}\n`);
      delay.reset();
    })
    .once('close', () => {
      delay.disable();
      void service.stop();
    });
  process.stdout.write(`${new URL(service.origin).port}\n`);
}

void main(process.argv.slice(2));
