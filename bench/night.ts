// The night at size: a base of many cards with five rows of «Обороты начислений» each, its night in the service's own
// worker thread, and meanwhile cards read and receipts rung in this thread, as tills do.
//   tsx bench/night.ts [--cards 1000000] [--chunk N] [--pause 3] [--nights 2] [--keep FILE]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import { startNightWorker } from '../src/jobs/night/start-night-worker.ts';
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../src/ledger/local-date-time.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { readCard } from '../src/operations/cards/read-card.ts';
import { readNightRuns } from '../src/operations/night/read-night-runs.ts';
import { registerReceipt } from '../src/operations/receipts/register-receipt.ts';

const startOn = '2026-11-01' as LocalDate;
const rowsOfCard = 5;
const firstNumber = 2_900_000_000;
/** Rows run out over a year, so a night with a month behind it takes from a third of the cards. */
const lifeDays = 365;
const nightOn = addDays(startOn, 30);

/** Trade without a night, for comparison. */
const aloneMs = 4_000;

const targets = { seconds: 60, megabytes: 400, readP99Ms: 20 } as const;

async function makeBase(file: string, cards: number): Promise<void> {
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
      insert into billing_state (id, start_on, last_night_on) values (1, '${startOn}', '${addDays(nightOn, -1)}');
      insert into billing_document (kind, origin, effective_on, dated_at, recorded_at)
        values ('OpeningBalance', 'opening', '${startOn}', '${startOn}T00:00:00', '${startOn}T00:00:00');
      create temp table day_of (days integer primary key, written text not null);
      insert into day_of ${ids.replace(String(cards), '4000')} select i, day(i) from n;
      ${ids} insert into card (id, number, kind_code, status)
        select i, cast(${firstNumber} + i as text), 'BONUS', 'active' from n;`);
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

interface Latencies {
  readonly reads: number[];
  readonly receipts: number[];
}

/** Reads cards (about 500 a second) and rings receipts (about 50 a second) until `isOver`. */
async function trade(
  infobase: Infobase,
  cards: number,
  now: LocalDateTime,
  firstTurn: number,
  isOver: () => boolean,
): Promise<Latencies> {
  const reads: number[] = [];
  const receipts: number[] = [];
  const anyCard = (): string => String(firstNumber + 1 + Math.floor(Math.random() * cards));
  const ringing: Promise<void>[] = [];
  for (let turn = firstTurn; !isOver(); turn += 1) {
    const begunAt = performance.now();
    await readCard(infobase, now, { ok: true, value: { kkm: 'K-1', cardNumber: anyCard(), operationAt: null } });
    reads.push(performance.now() - begunAt);
    if (turn % 10 === 0) ringing.push(ring(infobase, turn, anyCard(), now, receipts));
    await sleep(2);
  }
  await Promise.all(ringing);
  return { reads, receipts };
}

async function ring(
  infobase: Infobase,
  receiptNumber: number,
  cardNumber: string,
  now: LocalDateTime,
  latencies: number[],
): Promise<void> {
  const begunAt = performance.now();
  const value = {
    operationId: null,
    kind: 'Sale',
    kkm: 'K-1',
    shiftNumber: Number(dateOf(now).slice(-2)),
    receiptNumber,
    receiptAt: now,
    cardNumber,
    sumKopecks: 100_000,
    sumWithDiscountKopecks: 100_000,
    bonusAccruedKopecks: 1_000,
    bonusRedeemedKopecks: 0,
    accumulationDeltaKopecks: null,
    receiptCountDelta: null,
    offline: false,
    cashier: null,
    fn: null,
    fd: null,
    fp: null,
    original: null,
    lines: [],
  } as const;
  const { code } = await registerReceipt(infobase, now, { ok: true, value });
  if (code !== 0) throw new Error(`a receipt was answered ${code}`);
  latencies.push(performance.now() - begunAt);
}

function findPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function describe(name: string, values: readonly number[]): string {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => findPercentile(values, share).toFixed(2));
  return `${name}: ${values.length}, p50 ${p50} ms, p99 ${p99} ms, greatest ${most} ms`;
}

async function measureNight(
  file: string,
  cards: number,
  pace: { chunkCards?: number; pauseMs: number },
): Promise<boolean> {
  const options = { name: 'bench', file, hasSubscription: true };
  const infobase = await Infobase.open(options);
  const { lastNightOn } = await readNightRuns(infobase, 0);
  if (lastNightOn === null) throw new Error('billing is off in the base kept');
  const dueOn = addDays(lastNightOn, 1);
  const now = `${dueOn}T02:00:30` as LocalDateTime;
  let [isOver, greatestRss] = [false, 0];
  const watch = setInterval(() => {
    greatestRss = Math.max(greatestRss, process.memoryUsage.rss());
  }, 20);
  const idleRss = process.memoryUsage.rss();
  const aloneUntil = performance.now() + aloneMs;
  const alone = await trade(infobase, cards, now, 0, () => performance.now() > aloneUntil);
  const trading = trade(infobase, cards, now, alone.reads.length, () => isOver);
  const begunAt = performance.now();
  const { nights, end } = await startNightWorker({ infobase: options, now, dueOn, holder: 'bench', ...pace }, {}).ended;
  const seconds = (performance.now() - begunAt) / 1000;
  isOver = true;
  const { reads, receipts } = await trading;
  clearInterval(watch);
  await infobase.close();
  const [run] = nights;
  if (run === undefined) throw new Error(`the night ended with ${JSON.stringify(end)}`);
  const megabytes = Math.round(greatestRss / 1024 ** 2);
  const readP99Ms = findPercentile(reads, 0.99);
  console.log(
    `night of ${dueOn}: ${seconds.toFixed(1)} s, «Списание» ${run.writeOffLines}, «Начисление» ${run.accrualLines}`,
  );
  console.log(`  memory of the process: ${megabytes} MB at most, ${Math.round(idleRss / 1024 ** 2)} MB before`);
  console.log(`  ${describe('card reads meanwhile', reads)}`);
  console.log(`  ${describe('receipts meanwhile', receipts)}`);
  console.log(`  ${describe('receipts before it', alone.receipts)}`);
  return seconds <= targets.seconds && megabytes <= targets.megabytes && readP99Ms <= targets.readP99Ms;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '1000000' },
      chunk: { type: 'string' },
      pause: { type: 'string', default: '3' },
      nights: { type: 'string', default: '2' },
      keep: { type: 'string' },
      make: { type: 'boolean', default: false },
    },
  });
  if (values.make) return makeBase(values.keep ?? '', Number(values.cards));
  const cards = Number(values.cards);
  const chunk = values.chunk === undefined ? {} : { chunkCards: Number(values.chunk) };
  const pace = { ...chunk, pauseMs: Number(values.pause) };
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-night-'));
  try {
    const file = values.keep ?? join(folder, 'bench.sqlite');
    if (!existsSync(file)) {
      const begunAt = performance.now();
      // In a process of its own: its caches are no part of what the night needs.
      const made = spawnSync(
        process.execPath,
        [...process.execArgv, __filename, '--make', '--keep', file, '--cards', values.cards],
        { stdio: 'inherit' },
      );
      if (made.status !== 0) throw new Error('the base could not be made');
      const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
      console.log(`${cards} cards with ${cards * rowsOfCard} rows of «Обороты начислений» made in ${seconds} s`);
    }
    console.log(
      `chunks of ${values.chunk ?? 'any number of'} cards, pause ${pace.pauseMs} ms, Node ${process.version}`,
    );
    let isReached = true;
    for (let night = 0; night < Number(values.nights); night += 1) {
      isReached = (await measureNight(file, cards, pace)) && isReached;
    }
    const { seconds, megabytes, readP99Ms } = targets;
    const verdict = isReached ? 'reached' : 'MISSED';
    console.log(`to reach: ${seconds} s, ${megabytes} MB, card reads p99 ${readP99Ms} ms: ${verdict}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
