// Makes the first users of an infobase and is killed on the way, as a power cut would: given the file and the point. What it
// shows goes to standard output.
import { writeSync } from 'node:fs';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { makeFirstUsers } from '../../../src/operations/admin/make-first-users.ts';

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function main([file = '', point]: readonly string[]): Promise<void> {
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: false });
  const now = '2026-11-22T12:00:00' as LocalDateTime;
  await makeFirstUsers(infobase, now, { name: 'admin', password: undefined }, async (users) => {
    if (point === 'before they are shown') await die();
    for (const { name, password } of users) {
      writeSync(1, `${name} ${password}\n`);
      if (point === 'half shown') await die();
    }
    if (point === 'shown') await die();
  });
  await die();
}

void main(process.argv.slice(2));
