// What a till's two questions cost, by processor time per operation, whatever the card's history: a card in the stages online
// and billing, one with a thousand rows of «Обороты начислений», and the operations of one day in a history of ten thousand.
//   tsx bench/reads.ts [--cards 100000] [--rounds 15]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import { addDays, startOf, type LocalDate, type LocalDateTime } from '../src/ledger/local-date-time.ts';
import { listCardOperations } from '../src/operations/cards/list-card-operations.ts';
import { readCard } from '../src/operations/cards/read-card.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { findMedian } from './median.ts';

const startOn = '2026-11-01' as LocalDate;
const now = '2026-12-01T12:00:00' as LocalDateTime;
const firstNumber = 2_900_000_000;
/** Cards 1 to 4 have a thousand rows, of which nothing, a tenth, the half and nine tenths are spent. */
const spentShares = [0, 0.1, 0.5, 0.9] as const;
const longHistory = { cardId: 5, days: 1_000, aDay: 10 } as const;
const firstUsual = 6;

const ids = (last: number): string =>
  `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${last})`;

async function makeBase(file: string, stage: 'online' | 'billing', cards: number): Promise<void> {
  await (await Infobase.open({ name: 'reads', file, hasSubscription: true })).close();
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.function('day', { deterministic: true }, (days: unknown) => addDays(startOn, Number(days)));
  const head = `'${startOn}T00:00:00', '${startOn}T00:00:00'`;
  connection.transaction(() => {
    connection.exec(`
      insert into card_kind (code, name, purpose, discount) values ('BONUS', 'Бонусная', 'discount', '{"sort":"none"}');
      insert into setting (name, value) values ('stage', '${stage}');
      insert into billing_state (id, start_on, last_night_on) values (1, '${startOn}', '${addDays(startOn, 29)}');
      insert into billing_document (id, kind, origin, dated_at, recorded_at) values (1, 'OpeningBalance', 'opening', ${head});
      insert into document (id, kind, dated_at, recorded_at) values (1, 'OpeningAccumulation', ${head});
      ${ids(cards)} insert into card (id, number, kind_code, status)
        select i, cast(${firstNumber} + i as text), 'BONUS', 'active' from n;`);
    spentShares.forEach((_share, index) =>
      connection.exec(`${ids(1_000)} insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        select ${index + 1}, day(30 + i), 1000, 0, 0 from n`),
    );
    for (let row = 0; row < 5; row += 1) {
      connection.exec(`${ids(cards)} insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        select i, day(31 + ${row * 70} + (i * 7919) % 70), 500 + i % 977, 100000, 1 from n where i >= ${firstUsual}`);
    }
    connection.exec(`
      insert into billing_balance (card_id, bonus, accumulation, receipts)
        select card_id, sum(bonus) - (card_id % 5) * 100, sum(accumulation), sum(receipts)
        from accrual_turnover group by card_id;
      insert into accumulation_balance (card_id, bonus, accumulation, receipts)
        select card_id, bonus, accumulation, receipts from billing_balance;`);
    const spend = connection.prepare('update billing_balance set bonus = ? where card_id = ?');
    spentShares.forEach((share, index) => spend.run(Math.round(1_000_000 * (1 - share)), index + 1));
    const { cardId, days, aDay } = longHistory;
    const moment = `day(-${days} + i / ${aDay}) || 'T1' || (i % ${aDay}) || ':00:00'`;
    connection.exec(`
      ${ids(days * aDay)} insert into document (id, kind, dated_at, recorded_at)
        select 1 + i, 'KkmOperation', ${moment}, '' from n;
      insert into billing_document (id, kind, origin, document_id, dated_at, recorded_at)
        select id, 'KkmOperation', 'receipt', id, dated_at, '' from document where id > 1;
      insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
        select id, ${cardId}, 1, 1, 1, id, dated_at from document where id > 1;
      insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, dated_at)
        select id, ${cardId}, 1, 1, 1, 1, id, dated_at from document where id > 1;`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

type Call = (turn: number) => Promise<{ readonly code: number }>;

const read = (infobase: Infobase, id: number) =>
  readCard(infobase, now, {
    ok: true,
    value: { kkm: 'K-1', cardNumber: String(firstNumber + id), operationAt: null },
  });

const list = (infobase: Infobase, day: LocalDate | null) =>
  listCardOperations(infobase, {
    ok: true,
    value: {
      cardNumber: String(firstNumber + longHistory.cardId),
      from: day === null ? null : startOf(day),
      to: day === null ? null : (`${day}T23:59:59` as LocalDateTime),
      limit: day === null ? 10 : null,
    },
  });

function listCalls(online: Infobase, billing: Infobase, cards: number): (readonly [name: string, call: Call])[] {
  const usual = (turn: number): number => firstUsual + ((turn * 7919) % (cards - firstUsual));
  const day = addDays(startOn, -500);
  return [
    ['card online', (turn) => read(online, usual(turn))],
    ['billing card', (turn) => read(billing, usual(turn))],
    ...spentShares.map(
      (share, index) => [`card with 1,000 rows of A, ${share * 100} % spent`, () => read(billing, index + 1)] as const,
    ),
    ['latest ten operations online', () => list(online, null)],
    ['operations of one day online', () => list(online, day)],
    ['latest ten operations, billing', () => list(billing, null)],
    ['operations of one day, billing', () => list(billing, day)],
  ];
}

const callsOfRound = 100;

/** Microseconds of processor time for each call. */
async function measure(call: Call, firstTurn: number): Promise<number> {
  const begun = process.cpuUsage();
  for (let turn = firstTurn; turn < firstTurn + callsOfRound; turn += 1) {
    const { code } = await call(turn);
    if (code !== 0) throw new Error(`the call was answered ${code}`);
    // Eight tills: what they ask in one turn of the event loop shares a snapshot.
    if (turn % 8 === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / callsOfRound;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cards: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '15' } },
  });
  const cards = Number(values.cards);
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-reads-'));
  try {
    const [online, billing] = await Promise.all(
      (['online', 'billing'] as const).map(async (stage) => {
        const file = join(folder, `${stage}.sqlite`);
        await makeBase(file, stage, cards);
        return Infobase.open({ name: stage, file, hasSubscription: true });
      }),
    );
    if (online === undefined || billing === undefined) throw new Error('two bases are made');
    const calls = listCalls(online, billing, cards).map(([name, call]) => ({ name, call, times: [] as number[] }));
    for (const { call } of calls) for (let round = 0; round < 5; round += 1) await measure(call, round * callsOfRound);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const { call, times } of calls) times.push(await measure(call, round * callsOfRound));
    }
    for (const { name, times } of calls) console.log(`${name}: ${findMedian(times).toFixed(1)} us`);
    await online.close();
    await billing.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
