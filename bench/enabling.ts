// Billing switched on over a month of live history: every receipt posted again with the nights between, as
// `kkm billing enable` does it.
//   tsx bench/enabling.ts [--cards 200000] [--receipts 1000000] [--days 30] [--keep FILE]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import { addDays, type LocalDate, type LocalDateTime } from '../src/ledger/local-date-time.ts';
import { enableBilling } from '../src/operations/enabling/enable-billing.ts';
import { Infobase } from '../src/operations/infobase.ts';

const startOn = '2026-11-01' as LocalDate;
const firstNumber = 2_900_000_000;
/** A return every so many receipts, of the sale rung this many before it. */
const returnEvery = 50;
const returnedBefore = 25;

interface Shop {
  readonly cards: number;
  readonly receipts: number;
  readonly days: number;
}

const upTo = (count: number): string =>
  `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${count})`;

/** Stage online with opening sums and a month of receipts, as a million uploads would have left it. */
async function makeBase(file: string, { cards, receipts, days }: Shop): Promise<void> {
  const infobase = await Infobase.open({ name: 'bench', file, hasSubscription: true });
  await infobase.close();
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -400000');
  connection.function('day', { deterministic: true }, (count: unknown) => addDays(startOn, Number(count)));
  const isReturn = `i % ${returnEvery} = ${returnEvery - 1}`;
  // A return has the card, the sum and the day of its sale.
  const sale = `(case when ${isReturn} then i - ${returnedBefore} else i end)`;
  const dayOf = `(${sale} * ${days} / ${receipts})`;
  connection.transaction(() => {
    connection.exec(`
      insert into life_rule (code, name, register, delay, life, life_from) values
        ('B', '90 дней', 'bonus', 'none', 'days:90', 'credit'), ('A', 'Год', 'accumulation', 'none', 'years:1', 'credit');
      insert into card_kind (code, name, purpose, discount, bonus_rule_code, accumulation_rule_code)
        values ('BONUS', 'Бонусная', 'discount', '{"sort":"none"}', 'B', 'A');
      create temp table day_of (count integer primary key, written text not null);
      insert into day_of ${upTo(days)} select i, day(i) from n;
      ${upTo(cards)} insert into card (id, number, kind_code, status)
        select i + 1, cast(${firstNumber} + i as text), 'BONUS', 'active' from n;
      insert into document (id, kind, dated_at, recorded_at)
        values (1, 'OpeningAccumulation', '2026-10-01T00:00:00', '2026-10-01T00:00:00');
      ${upTo(cards)} insert into accumulation_movement
          (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
        select 1, i + 1, 30000 + i % 5000, 100000 + i, 3, 30000 + i % 5000, dated_at from n, document where id = 1;
      ${upTo(receipts)} insert into receipt (id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id,
          sum, sum_with_discount, bonus_accrued, bonus_redeemed, offline, original_kkm, original_shift_number,
          original_receipt_number, original_receipt_on, original_receipt_at, lines, road, state, flags)
        select i + 1, case when ${isReturn} then 'Return' else 'Sale' end, 'K-1', 1, i + 1, written,
          written || 'T' || time(32400 + i % 40000, 'unixepoch'), 1 + (${sale} * 7919) % ${cards},
          10000 + ${sale} % 977, 10000 + ${sale} % 977, case when ${isReturn} then 0 else 300 end,
          case when i % 10 = 0 then 200 else 0 end, 1,
          case when ${isReturn} then 'K-1' end, case when ${isReturn} then 1 end,
          case when ${isReturn} then ${sale} + 1 end, case when ${isReturn} then written end,
          case when ${isReturn} then written || 'T' || time(32400 + ${sale} % 40000, 'unixepoch') end,
          '[]', 'report', 'posted', ''
        from n join day_of on day_of.count = ${dayOf};
      insert into document (id, kind, dated_at, recorded_at, receipt_id, reply)
        select id + 1, 'TpOperation', receipt_at, receipt_at, id, '[]' from receipt;
      insert into accumulation_movement
          (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
        select id + 1, card_id, case when kind = 'Sale' then bonus_accrued - bonus_redeemed else -300 end,
          case when kind = 'Sale' then sum else -sum end, case when kind = 'Sale' then 1 else -1 end, 0, receipt_at from receipt;
      insert into accumulation_balance (card_id, bonus, accumulation, receipts)
        select card_id, sum(bonus), sum(accumulation), sum(receipts) from accumulation_movement group by card_id;`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

const seconds = (fromMs: number): number => (performance.now() - fromMs) / 1000;
const megabytes = (): number => process.memoryUsage.rss() / 2 ** 20;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '200000' },
      receipts: { type: 'string', default: '1000000' },
      days: { type: 'string', default: '30' },
      keep: { type: 'string' },
    },
  });
  const shop = { cards: Number(values.cards), receipts: Number(values.receipts), days: Number(values.days) };
  const folder = values.keep === undefined ? mkdtempSync(join(tmpdir(), 'kkm-bench-')) : undefined;
  const file = values.keep ?? join(folder ?? '', 'enabling.sqlite');
  try {
    const made = performance.now();
    await makeBase(file, shop);
    process.stdout.write(
      `${shop.cards} cards, ${shop.receipts} receipts of ${shop.days} days made in ${seconds(made).toFixed(1)} s\n`,
    );
    const infobase = await Infobase.open({ name: 'bench', file, hasSubscription: true, isBulk: true });
    const now = `${addDays(startOn, shop.days - 1)}T22:00:00` as LocalDateTime;
    const [began, before] = [performance.now(), megabytes()];
    const cpuBefore = process.cpuUsage();
    let [opened, nights, peak] = [0, 0, before];
    let cpuOpened = 0;
    const cpuSeconds = (): number => {
      const { user, system } = process.cpuUsage(cpuBefore);
      return (user + system) / 1e6;
    };
    const look = async (): Promise<void> => {
      peak = Math.max(peak, megabytes());
    };
    const end = await enableBilling(infobase, now, startOn, {
      holder: 'bench',
      readMs: Date.now,
      onOpening: () => {
        opened = seconds(began);
        cpuOpened = cpuSeconds();
      },
      onNight: () => {
        nights += 1;
      },
      pause: look,
    });
    const whole = seconds(began);
    const cpuPosting = cpuSeconds() - cpuOpened;
    await infobase.close();
    if (end.code !== 'done') throw new Error(JSON.stringify(end));
    const pace = Math.round(shop.receipts / (whole - opened));
    process.stdout.write(`opening balances: ${opened.toFixed(1)} s, one transaction\n`);
    process.stdout.write(`posted again: ${(whole - opened).toFixed(1)} s with ${nights} nights, ${pace} documents/s\n`);
    const perCpuSecond = Math.round(shop.receipts / cpuPosting);
    process.stdout.write(`${cpuPosting.toFixed(1)} s of processor time, ${perCpuSecond} documents in a second of it\n`);
    process.stdout.write(`memory of the process: ${peak.toFixed(0)} MB at most, ${before.toFixed(0)} MB before\n`);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

void main();
