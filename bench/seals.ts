// How long it takes to seal a day of a million receipts, and to verify the seals: `npx tsx bench/seals.ts`. The rows are as a
// shop under billing has them: a receipt, its document with a reply and a movement, its document of billing with a line, an
// accrual and a mark; one night that takes something from every card.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import type { LocalDateTime } from '../src/ledger/local-date-time.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { sealDay } from '../src/operations/seals/make-seal.ts';
import { verifySeals } from '../src/operations/seals/verify-seals.ts';
import { makeDataset } from './dataset.ts';

const { values } = parseArgs({
  options: {
    receipts: { type: 'string', default: '1000000' },
    cards: { type: 'string', default: '200000' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const receipts = Number(values.receipts);
const cards = Number(values.cards);

const line = JSON.stringify({ number: 1, code: 'A-100', name: 'Чай чёрный', quantity: '1', price: '100', sum: 10_000 });
const reply = JSON.stringify({ code: 0, operationId: '474a0f2a-bd2e-5271-ab7a-278bc7391161', balance: '1234.56' });

function trade(file: string): void {
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -400000');
  const numbers = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${receipts})`;
  const [at, night] = ['2026-11-22T12:00:00', '2026-11-23T02:00:00'];
  connection.transaction(() => {
    connection.exec(`${numbers}
      insert into receipt (operation_id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id, sum,
          sum_with_discount, bonus_accrued, bonus_redeemed, offline, cashier, fn, fd, fp, lines, road, state, flags,
          effective_on, bonus_credit_on, bonus_write_off_on, accumulation_credit_on, accumulation_write_off_on)
        select 'op-' || i, 'Sale', 'KKM-' || (i % 100), 1, i, '2026-11-22', '${at}', 1 + i % ${cards}, 100000, 95000, 950,
          0, 0, 'Иванова', '9289000100', i, '39482', '[${line},${line},${line}]', 'online', 'posted', '', '2026-11-22',
          '2026-11-22', '2027-11-22', '2026-11-22', '2027-11-22' from n`);
    connection.exec(`insert into document (kind, dated_at, recorded_at, receipt_id, reply)
        select 'KkmOperation', receipt_at, receipt_at, id, '${reply}' from receipt`);
    connection.exec(`insert into accumulation_movement
        (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
        select document.id, card_id, 950, 95000, 1, 10000, '${at}'
          from document join receipt on receipt.id = document.receipt_id`);
    connection.exec(`insert into billing_document (kind, dated_at, recorded_at, receipt_id, document_id, origin, effective_on)
        select 'KkmOperation', dated_at, recorded_at, receipt_id, id, 'receipt', '2026-11-22'
          from document where receipt_id is not null`);
    connection.exec(`insert into billing_movement
        (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, dated_at)
        select d.id, card_id, 1, 950, 95000, 1, 10000, '${at}' from billing_document d join receipt r on r.id = d.receipt_id`);
    connection.exec(`insert into accrual_movement (document_id, card_id, write_off_on, bonus, accumulation, receipts)
        select document_id, card_id, '2027-11-22', bonus, accumulation, receipts from billing_movement`);
    const writeOff = connection
      .prepare(`insert into billing_document (kind, dated_at, recorded_at, origin) values ('WriteOff', ?, ?, 'night')`)
      .run(night, night).lastInsertRowid;
    connection.exec(`insert into billing_movement
        (document_id, card_id, line, bonus, accumulation, receipts, bonus_after, covered_bonus, reason, dated_at)
        select ${writeOff}, id, 1, -100, 0, 0, 9900, 9900, 'Сгорело', '${night}' from card`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(values.folder, 'kkm-bench-seals-'));
  try {
    const file = await makeDataset(folder, cards);
    const infobase = await Infobase.open({ name: 'dataset', file, hasSubscription: true });
    try {
      const runner = { holder: 'bench', readMs: () => performance.now(), nightTime: '02:00:00' };
      const seal = async (on: string): Promise<void> => {
        const [beganMs, cpu] = [performance.now(), process.cpuUsage()];
        const end = await sealDay(infobase, on as LocalDateTime, { ...runner, leaseMs: 600_000 });
        const { user, system } = process.cpuUsage(cpu);
        const seconds = `${((performance.now() - beganMs) / 1000).toFixed(1)} s (processor ${((user + system) / 1e6).toFixed(1)} s)`;
        console.log(`sealed to ${on}: ${end.code}, ${end.code === 'sealed' ? end.seal.units : 0} units in ${seconds}`);
      };
      await seal('2026-11-22T02:10:00');
      trade(file);
      const before = statSync(file).size;
      await seal('2026-11-23T02:10:00');
      const bytes = statSync(file).size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) - before;
      console.log(`the database has ${(before / 1e9).toFixed(2)} GB, the seal adds ${(bytes / 1e6).toFixed(0)} MB`);
      const beganMs = performance.now();
      const { found } = await verifySeals(infobase, { limit: 3 });
      console.log(`verified in ${((performance.now() - beganMs) / 1000).toFixed(1)} s, ${found} differences`);
    } finally {
      await infobase.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
