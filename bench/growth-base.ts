// A base in stage online whose cards have ten movements each: the opening one of the dataset, and nine receipts.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { addDays, type LocalDate } from '../src/ledger/local-date-time.ts';
import { makeDataset } from './dataset.ts';

const receiptsOfCard = 9;
const startOn = '2026-11-02' as LocalDate;
const tables = ['receipt', 'document', 'accumulation_movement'] as const;

/** On the disk while the base is made; receipts have no lines. */
export const bytesOfGrowthCard = 5_500;

interface IndexRow {
  readonly name: string;
  readonly sql: string;
}

/** @returns the file "trade.sqlite" in the folder. */
export async function makeGrowthBase(folder: string, cards: number): Promise<string> {
  const file = join(folder, 'trade.sqlite');
  // What SQLite sorts beside the base must fit on the same disk.
  process.env['SQLITE_TMPDIR'] = folder;
  renameSync(await makeDataset(folder, cards), file);
  const connection = new BetterSqlite(file);
  connection.pragma('journal_mode = OFF');
  connection.pragma('synchronous = OFF');
  connection.pragma('foreign_keys = OFF');
  connection.pragma('cache_size = -400000');
  connection.function('day', { deterministic: true }, (days: unknown) => addDays(startOn, Number(days)));
  // Made whole after the rows, an index is sorted once; kept up row by row, it is written at random.
  const indexes = listIndexes(connection);
  for (const { name } of indexes) connection.exec(`drop index ${name}`);
  insertReceipts(connection, cards);
  for (const { sql } of indexes) connection.exec(sql);
  connection.pragma('journal_mode = WAL');
  connection.close();
  return file;
}

function listIndexes(connection: BetterSqlite.Database): IndexRow[] {
  const places = tables.map(() => '?').join(', ');
  return connection
    .prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in (${places})`)
    .all(...tables) as IndexRow[];
}

/** The n-th receipt of a card follows the (n - 1)-th of all cards, as days of trade do. */
function insertReceipts(connection: BetterSqlite.Database, cards: number): void {
  const count = cards * receiptsOfCard;
  const numbers = `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${count})`;
  connection.exec(`
    begin;
    create temp table day_of (turn integer primary key, written text not null);
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${receiptsOfCard})
      insert into day_of select i, day(i) from n;
    ${numbers} insert into receipt (id, operation_id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at,
        card_id, sum, sum_with_discount, bonus_accrued, bonus_redeemed, offline, lines, road, state, flags)
      select i + 1, printf('%08x-0000-4000-8000-%012x', (i * 2654435761) % 4294967296, i), 'Sale', 'T-' || (i % 50), turn + 1,
        i, written, written || 'T' || time(32400 + i % 40000, 'unixepoch'), 1 + i % ${cards}, 1000, 1000, 10, 0, 0, '[]',
        'online', 'posted', ''
      from n join day_of on turn = i / ${cards};
    insert into document (id, kind, dated_at, recorded_at, receipt_id, reply)
      select id + 1, 'KkmOperation', receipt_at, receipt_at, id,
        json_array(operation_id, 10000, 10000, 100000, receipt_number) from receipt;
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${count})
    insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
      select receipt.id + 1, card_id, 10, 1000, 1, bonus + 10 * (1 + i % ${receiptsOfCard}), receipt_at
      from n join receipt on receipt.id = 1 + i / ${receiptsOfCard} + (i % ${receiptsOfCard}) * ${cards}
      join accumulation_balance using (card_id);
    update accumulation_balance set bonus = bonus + ${10 * receiptsOfCard},
      accumulation = accumulation + ${1000 * receiptsOfCard}, receipts = receipts + ${receiptsOfCard};
    commit;`);
}
