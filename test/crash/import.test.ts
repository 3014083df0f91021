// An import of opening balances, killed before any of its steps while tills are served: all of the file is there, or nothing
// of it, and the command brings it in when it is given again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { countKills, openCrashShop, type CrashShop } from './crash-shop.ts';

const rows = 200;
const bonusKopecks = 12_345;

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'online' });
});
afterEach(() => shop.workshop.close());

/** A file of cards that are not there yet. */
function writeFile(index: number): { readonly args: readonly string[]; readonly prefix: string } {
  const prefix = String(291_000 + index);
  const file = join(shop.workshop.folder, `opening-${index}.csv`);
  const lines = Array.from({ length: rows }, (_, row) => `${prefix}${1_000 + row};123,45`);
  writeFileSync(file, `card;bonus\n${lines.join('\n')}\n`);
  const args = ['import', file, '--document', 'opening-accumulation', '--unknown-cards', 'create', '--kind', 'BASE'];
  return { args, prefix };
}

function readImported(prefix: string): object {
  const connection = new BetterSqlite(shop.file, { timeout: 5_000 });
  const ask = (sql: string): unknown => connection.prepare(sql).pluck().get(`${prefix}%`);
  try {
    return {
      cards: ask('select count(*) from card where number like ?'),
      sum: ask(`select coalesce(sum(bonus), 0) from accumulation_movement
        where card_id in (select id from card where number like ?)`),
      documents: ask(`select count(distinct document_id) from accumulation_movement
        where card_id in (select id from card where number like ?)`),
    };
  } finally {
    connection.close();
  }
}

const nothing = { cards: 0, sum: 0, documents: 0 };
const whole = { cards: rows, sum: rows * bonusKopecks, documents: 1 };

test('killed at any step it leaves all or nothing, and tills lose nothing meanwhile', async () => {
  const service = await shop.serve();
  const first = writeFile(0);
  const steps = await shop.killer.countSteps('main', (environment) => shop.killer.run(first.args, { environment }));
  expect(readImported(first.prefix)).toEqual(whole);
  const kills = countKills(2);
  for (let kill = 0, round = 1; kill < kills; round += 1) {
    const { args, prefix } = writeFile(round);
    const step = shop.pick(1, steps);
    const ringing = shop.fleet.run(service.port, {}, 10);
    const { isKilled } = await shop.killer.run(args, { killAt: { thread: 'main', step, from: 'start' } });
    await ringing;
    if (isKilled) kill += 1;
    const left = readImported(prefix);
    expect([nothing, whole]).toContainEqual(left);
    if ((left as typeof whole).cards === 0) await shop.run(args);
    expect(readImported(prefix)).toEqual(whole);
    await shop.checkAfterKill(service);
  }
  await shop.checkAll(service);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
  shop.report('import', kills);
});
