// The database that every variant gets a copy of: one card kind, the cards with opening balances, a user for the till.
// The product's own code makes the schema, the kind and the user; cards are too many to go one by one.
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { saveCardKind } from '../src/db/catalogs/card-kind.ts';
import type { LocalDateTime } from '../src/ledger/local-date-time.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { addServiceUser } from '../src/operations/admin/users.ts';
import { firstCardNumber, till } from './requests.ts';

const madeAt = '2026-11-01T00:00:00' as LocalDateTime;

const kind = {
  code: 'BONUS',
  name: 'Бонусная',
  purpose: 'discount',
  discount: {
    sort: 'scale',
    steps: [
      { accumulationKopecks: 500_000, receipts: 0, percentHundredths: 300 },
      { accumulationKopecks: 2_000_000, receipts: 5, percentHundredths: 500 },
      { accumulationKopecks: 5_000_000, receipts: 10, percentHundredths: 700 },
    ],
  },
  maxRedeemPercentHundredths: 3000,
  accrualPercentHundredths: 100,
  bonusRuleCode: null,
  accumulationRuleCode: null,
} as const;

/** @returns the path of the new database. */
export async function makeDataset(folder: string, cards: number): Promise<string> {
  const file = join(folder, 'dataset.sqlite');
  const infobase = await Infobase.open({ name: 'dataset', file, hasSubscription: true });
  await infobase.db.write((trx) => saveCardKind(trx, kind));
  await addServiceUser(infobase, madeAt, { name: till.name, role: 'till', password: till.password });
  await infobase.close();
  insertCards(file, cards);
  return file;
}

function insertCards(file: string, cards: number): void {
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -200000');
  connection.transaction(() => {
    const document = connection
      .prepare(`insert into document (kind, dated_at, recorded_at) values ('OpeningAccumulation', ?, ?)`)
      .run(madeAt, madeAt).lastInsertRowid;
    const numbers = `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${cards})`;
    connection.exec(`${numbers}
      insert into card (number, kind_code, holder, status)
      select cast(${firstCardNumber} + i as text), '${kind.code}', 'Покупатель № ' || i, 'active' from n`);
    connection.exec(`insert into accumulation_balance (card_id, bonus, accumulation, receipts)
      select id, 10000 + id % 5000, 100000 + id % 9000000, id % 20 from card`);
    connection.exec(`insert into accumulation_movement
        (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
      select ${document}, card_id, bonus, accumulation, receipts, bonus, '${madeAt}' from accumulation_balance`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}
