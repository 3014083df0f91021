// A base in stage billing for the night: many cards with five rows of «Обороты начислений» each, a month after its start.
import BetterSqlite from 'better-sqlite3';
import { addDays, type LocalDate } from '../src/ledger/local-date-time.ts';
import { Infobase } from '../src/operations/infobase.ts';

const startOn = '2026-11-01' as LocalDate;
export const rowsOfCard = 5;
export const firstNightCardNumber = 2_900_000_000;
/** Rows run out over a year, so a night with a month behind it takes from a third of the cards. */
const lifeDays = 365;
/** On the disk, with what a night and its log add. */
export const bytesOfNightCard = 1_500;
/** The first night of the base. */
export const firstNightOn = addDays(startOn, 30);

export async function makeNightBase(file: string, cards: number): Promise<void> {
  const infobase = await Infobase.open({ name: 'bench', file, hasSubscription: true });
  await infobase.close();
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -400000');
  connection.function('day', { deterministic: true }, (days: unknown) => addDays(startOn, Number(days)));
  const ids = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${cards})`;
  connection.transaction(() => {
    connection.exec(`
      insert into card_kind (code, name, purpose, discount) values ('BONUS', 'Бонусная', 'discount', '{"sort":"none"}');
      insert into setting (name, value) values ('stage', 'billing');
      insert into billing_state (id, start_on, last_night_on) values (1, '${startOn}', '${addDays(firstNightOn, -1)}');
      insert into billing_document (kind, origin, effective_on, dated_at, recorded_at)
        values ('OpeningBalance', 'opening', '${startOn}', '${startOn}T00:00:00', '${startOn}T00:00:00');
      create temp table day_of (days integer primary key, written text not null);
      insert into day_of ${ids.replace(String(cards), '4000')} select i, day(i) from n;
      ${ids} insert into card (id, number, kind_code, status)
        select i, cast(${firstNightCardNumber} + i as text), 'BONUS', 'active' from n;`);
    // By the date, as trade writes them: the rows of one card lie far apart.
    for (let row = 0; row < rowsOfCard; row += 1) {
      const days = `1 + ${row * Math.floor(lifeDays / rowsOfCard)} + (i * 7919) % ${Math.floor(lifeDays / rowsOfCard)}`;
      connection.exec(`${ids} insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        select i, written, 500 + i % 977, 100000 + i % 49999, 1 + i % 3 from n join day_of on days = ${days}`);
    }
    // Four cards of five have spent something since.
    connection.exec(`
      insert into billing_balance (card_id, bonus, accumulation, receipts)
        select card_id, sum(bonus) - (card_id % 5) * 700, sum(accumulation), sum(receipts)
        from accrual_turnover group by card_id;
      insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, dated_at)
        select 1, card_id, 1, bonus, accumulation, receipts, bonus, '${startOn}T00:00:00' from billing_balance;
      insert into accrual_movement (document_id, card_id, write_off_on, bonus, accumulation, receipts)
        select 1, card_id, write_off_on, bonus, accumulation, receipts from accrual_turnover;
      insert into accumulation_balance (card_id, bonus, accumulation, receipts)
        select card_id, bonus, accumulation, receipts from billing_balance;
      insert into pending_credit (card_id, source, credit_on, write_off_on, bonus, accumulation, receipts)
        select id, 'R' || id, written, day(365), 300, 0, 0
        from card join day_of on days = 25 + id % 14 where id % 10 = 0;`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}
