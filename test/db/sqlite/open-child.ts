// Opens a database as a process that starts, given the file and a second one: it begins when that is there, so that several
// begin together.
import { existsSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../src/db/open-database.ts';

async function main([file = '', signal = '']: readonly string[]): Promise<void> {
  writeSync(1, 'waits\n');
  while (!existsSync(signal)) await sleep(1);
  const database = await openDatabase({ file });
  await database.close();
  writeSync(1, 'opened\n');
}

void main(process.argv.slice(2));
