// The service in a process of its own, for tests that choose its time zone or try to end it. Its arguments are the
// data folder, the names of its infobases and, for a clock that does not move, the moment. It prints its port and stops when
// its standard input ends.
import { createLogger, transports } from 'winston';
import { readConfig } from '../../src/config.ts';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';
import { serve } from '../../src/main.ts';

async function main([dataDir = '', infobases = '', moment]: readonly string[]): Promise<void> {
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, INFOBASES: infobases });
  const log = createLogger({ silent: true, transports: [new transports.Console()] });
  const clock = moment === undefined ? {} : { clock: { now: () => moment as LocalDateTime } };
  const service = await serve({ config, log, tell: () => undefined, ...clock });
  process.stdin.resume().once('end', () => void service.stop());
  process.stdout.write(`${new URL(service.origin).port}\n`);
}

void main(process.argv.slice(2));
