// Cards beside the usual ones, and the base in stage billing: what a till asks of a card with a long history, and what
// billing adds to a card read and to a receipt.
import { copyFileSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { addDays } from '../src/ledger/local-date-time.ts';
import { firstCardNumber, measuredOn } from './requests.ts';

/** Each has a thousand rows of «Обороты начислений» in stage billing, half of them spent. */
export const richCards = 16;
const rowsOfRichCard = 1_000;
/** Each has ten thousand movements, ten a day. */
export const historyCards = 2;
const history = { days: 1_000, aDay: 10 } as const;
const rowsOfUsualCard = 5;
const startOn = '2026-11-01';

const upTo = (last: number): string =>
  `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${last})`;

function change(file: string, work: (connection: BetterSqlite.Database) => void): void {
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -200000');
  connection.function('day', { deterministic: true }, (days: unknown) => addDays(measuredOn, Number(days)));
  connection.transaction(() => work(connection))();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

/** @param cards the usual ones in the base; the rich ones are numbered after them, then those with a history. */
export function addLongCards(file: string, cards: number): void {
  const added = richCards + historyCards;
  const firstHistory = cards + richCards + 1;
  const movements = history.days * history.aDay;
  change(file, (connection) => {
    connection.exec(`
      ${upTo(added)} insert into card (id, number, kind_code, holder, status)
        select ${cards} + i, cast(${firstCardNumber + cards - 1} + i as text), 'BONUS', 'Покупатель', 'active' from n;
      insert into accumulation_balance (card_id, bonus, accumulation, receipts)
        select id, 500000, 5000000, 100 from card where id > ${cards} and id < ${firstHistory};`);
    for (let cardId = firstHistory; cardId < firstHistory + historyCards; cardId += 1) {
      const moment = `day((i - 1) / ${history.aDay} - ${history.days}) || 'T1' || (i % ${history.aDay}) || ':00:00'`;
      connection.exec(`
        ${upTo(movements)} insert into receipt (kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id,
            sum, sum_with_discount, bonus_accrued, bonus_redeemed, offline, lines, road, state, flags)
          select 'Sale', 'K-${cardId}', 1, i, substr(${moment}, 1, 10), ${moment}, ${cardId}, 1000, 1000, 10, 0, 0, '[]',
            'online', 'posted', '' from n;
        insert into document (kind, dated_at, recorded_at, receipt_id)
          select 'KkmOperation', receipt_at, receipt_at, id from receipt where card_id = ${cardId} order by id;
        insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
          select document.id, ${cardId}, 10, 1000, 1, 10 * receipt.receipt_number, receipt_at
          from receipt join document on document.receipt_id = receipt.id where card_id = ${cardId};
        insert into accumulation_balance (card_id, bonus, accumulation, receipts)
          values (${cardId}, ${movements * 10}, ${movements * 1000}, ${movements});`);
    }
  });
}

/**
 * The base as it is in stage billing, on the evening of the day of the calls: its clock stands, so no night comes due.
 * @param file a base with `addLongCards`; it is left as it is.
 */
export function makeBillingBase(file: string, cards: number, billingFile: string): void {
  copyFileSync(file, billingFile);
  const firstHistory = cards + richCards + 1;
  change(billingFile, (connection) => {
    const at = `'${startOn}T00:00:00'`;
    connection.exec(`
      insert into life_rule (code, name, register, delay, life, life_from) values
        ('B', '90 дней', 'bonus', 'none', 'days:90', 'credit'), ('A', 'Год', 'accumulation', 'none', 'years:1', 'credit');
      update card_kind set bonus_rule_code = 'B', accumulation_rule_code = 'A';
      insert into setting (name, value) values ('stage', 'billing');
      insert into test_clock (id, stands_at) values (1, '${measuredOn}T20:00:00');
      insert into billing_state (id, start_on, last_night_on, last_receipt_id)
        select 1, '${startOn}', '${measuredOn}', coalesce(max(id), 0) from receipt;
      insert into billing_document (id, kind, origin, effective_on, dated_at, recorded_at)
        values (1, 'OpeningBalance', 'opening', '${startOn}', ${at}, ${at});
      ${upTo(rowsOfRichCard)} insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        select card.id, day(i), 1000, 0, 0 from card join n where id > ${cards} and id < ${firstHistory};`);
    for (let row = 0; row < rowsOfUsualCard; row += 1) {
      connection.exec(`insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        select id, day(${1 + row * 70} + (id * 7919) % 70), 500 + id % 977, 100000, 1 from card
        where id <= ${cards} or id >= ${firstHistory}`);
    }
    connection.exec(`
      insert into accrual_movement (document_id, card_id, write_off_on, bonus, accumulation, receipts)
        select 1, card_id, write_off_on, bonus, accumulation, receipts from accrual_turnover;
      insert into billing_balance (card_id, bonus, accumulation, receipts)
        select card_id, case when card_id <= ${cards} then sum(bonus) - (card_id % 5) * 100 else sum(bonus) / 2 end,
          sum(accumulation), sum(receipts) from accrual_turnover group by card_id;
      insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, dated_at)
        select 1, card_id, 1, bonus, accumulation, receipts, bonus, ${at} from billing_balance;
      insert into billing_document (kind, origin, document_id, receipt_id, dated_at, recorded_at)
        select document.kind, 'receipt', document.id, receipt.id, document.dated_at, document.recorded_at
        from receipt join document on document.receipt_id = receipt.id order by document.id;
      insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, dated_at)
        select billing_document.id, card_id, 1, 10, 1000, 1, 10 * receipt_number, receipt_at
        from billing_document join receipt on receipt.id = billing_document.receipt_id;`);
  });
}
