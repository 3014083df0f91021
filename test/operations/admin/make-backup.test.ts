// A backup: what is in it while others write, what a kill leaves, and what is refused.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { announceService } from '../../../src/operations/admin/announce-service.ts';
import { digestFile, parseManifest } from '../../../src/operations/admin/backup-manifest.ts';
import { backupSteps, makeBackup, nameBackup } from '../../../src/operations/admin/make-backup.ts';
import { takeRunnerLease } from '../../../src/operations/runner-lease.ts';
import { buildSale, moment, noon, register } from '../testing-infobase.ts';
import { openBackupTrial, type BackupTrial } from './testing-backups.ts';

let trial: BackupTrial;
beforeEach(async () => {
  trial = await openBackupTrial();
});
afterEach(() => trial.end());

/** So many that the copy has several steps. */
const manyCards = `insert into card (number, kind_code, holder, status)
  with recursive n (i) as (select 1 union all select i + 1 from n where i < 200000)
  select cast(3000000000 + i as text), 'BASE', 'Покупатель № ' || i, 'active' from n`;

function count(file: string, table: string): unknown {
  const connection = new BetterSqlite(file, { readonly: true });
  const found = connection.prepare(`select count(*) from ${table}`).pluck().get();
  connection.close();
  return found;
}

test('its name is of the infobase and the moment', () => {
  expect(nameBackup('trade', moment('2026-11-22T03:30:00'))).toBe('trade-20261122-033000.backup');
});

test('it is there with its manifest, which says what is in it, and is one file', async () => {
  const end = await trial.back();
  if (end.code !== 'done') throw new Error(JSON.stringify(end));
  expect(parseManifest(readFileSync(`${trial.backup}.json`, 'utf8'))).toEqual(end.manifest);
  expect(end.manifest).toEqual({
    infobase: 'trade',
    schemaVersion: expect.stringMatching(/^\d{4}-/),
    productVersion: '0.0.0',
    origin: 'hand',
    madeAt: noon,
    timeZone: 'UTC',
    bytes: statSync(trial.backup).size,
    sha256: await digestFile(trial.backup),
    content: {
      cards: 1,
      receipts: 0,
      documents: 1,
      billingDocuments: 0,
      certificates: 0,
      certificateBalance: '0.00',
      accumulation: { bonus: '1.00', accumulation: '0.00', receipts: 0 },
      billing: { bonus: '0.00', accumulation: '0.00', receipts: 0 },
    },
    seal: null,
  });
  expect(readdirSync(trial.folder).filter((name) => name.startsWith('trade.backup'))).toEqual([
    'trade.backup',
    'trade.backup.json',
  ]);
});

test('while another connection writes, every call answered before it is in it, and the ledger adds up', async () => {
  trial.change(trial.file, manyCards);
  const till = await trial.open();
  const answered: number[] = [];
  const over = new AbortController();
  const sell = async (): Promise<void> => {
    for (let number = 1; !over.signal.aborted; number += 1) {
      await register(till, buildSale({ receiptNumber: number, bonusAccruedKopecks: 1 }));
      answered.push(number);
    }
  };
  const selling = sell();
  while (answered.length < 20) await new Promise((resolve) => void setImmediate(resolve));
  let before = 0;
  let steps = 0;
  const end = await trial.back({
    onStep: (step) => {
      if (step === 'copy') before = answered.length;
    },
    onProgress: () => {
      steps += 1;
    },
  });
  const after = answered.length;
  over.abort();
  await selling;
  await till.close();
  expect(end).toMatchObject({ code: 'done' });
  expect([steps > 2, after > before]).toEqual([true, true]);
  const connection = new BetterSqlite(trial.backup, { readonly: true });
  const stored = connection.prepare('select receipt_number from receipt order by id').pluck().all();
  connection.close();
  expect(stored.slice(0, before)).toEqual(answered.slice(0, before));
  // One moment: what came later is there up to some call, and then none.
  expect(stored).toEqual(answered.slice(0, stored.length));
  expect(stored.length).toBeLessThan(answered.length);
  expect(await trial.restore()).toMatchObject({ code: 'done', content: { receipts: stored.length } });
  expect(await trial.readBonus()).toBe(100 + stored.length);
});

test('in the copy nobody runs: leases and notices are of the original', async () => {
  const infobase = await trial.open();
  const notice = { runner: 'other 1', startedAt: noon, timeZone: 'UTC', jobs: [] };
  await announceService(infobase, notice, 0, 1e15);
  await infobase.db.write((trx) => takeRunnerLease(trx, 'night', { holder: 'other 1', readMs: () => 1e15 }));
  await infobase.close();
  await trial.back();
  for (const table of ['service', 'lease']) {
    expect([table, count(trial.file, table), count(trial.backup, table)]).toEqual([table, 1, 0]);
  }
});

describe('killed', () => {
  test.each([...backupSteps, 'half a copy'])('before "%s" it has made no backup, and is made again', async (step) => {
    if (step === 'half a copy') trial.change(trial.file, manyCards);
    await trial.killAt('backup', step);
    expect(existsSync(trial.backup)).toBe(false);
    expect(await trial.readBonus()).toBe(100);
    expect(await trial.back()).toMatchObject({ code: 'done' });
    expect(await trial.restore()).toMatchObject({ code: 'done', manifest: { infobase: 'trade' } });
    expect(readdirSync(trial.folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

test('it can be stopped, and leaves nothing', async () => {
  trial.change(trial.file, manyCards);
  let steps = 0;
  const shouldStop = (): boolean => (steps += 1) > 2;
  expect(await trial.back({ shouldStop })).toEqual({ code: 'stopped' });
  expect(readdirSync(trial.folder).filter((name) => name.startsWith('trade.backup'))).toEqual([]);
});

test('an infobase that does not add up, or is damaged, gives no backup', async () => {
  trial.change(trial.file, 'update accumulation_balance set bonus = bonus + 1');
  expect(await trial.back()).toEqual({
    code: 'unsound',
    mistakes: [expect.stringMatching(/^card 2900000001: accumulation_balance is not the sum of its movements/)],
  });
  trial.change(trial.file, 'update accumulation_balance set bonus = bonus - 1');
  trial.change(trial.file, manyCards);
  const bytes = readFileSync(trial.file);
  bytes.fill(7, 4096 * 900, 4096 * 902);
  writeFileSync(trial.file, bytes);
  expect(await trial.back()).toMatchObject({ code: 'unsound', mistakes: [expect.any(String)] });
  expect(existsSync(trial.backup)).toBe(false);
});

test('a disk that is full is said, and nothing is left', async () => {
  trial.change(trial.file, manyCards);
  expect(await trial.runOnFullDisk('backup')).toEqual({ code: 'failed', why: expect.stringMatching(/disk/) });
  expect(readdirSync(trial.folder).filter((name) => name.startsWith('trade.backup'))).toEqual([]);
  expect(await trial.back()).toMatchObject({ code: 'done' });
});

test('a file that is there, and a folder that is not, are refused', async () => {
  writeFileSync(trial.backup, 'mine');
  expect(await trial.back()).toEqual({ code: 'refused', why: `${trial.backup} is there already` });
  expect(readFileSync(trial.backup, 'utf8')).toBe('mine');
  const infobase = await trial.open();
  const request = { madeAt: noon, productVersion: '0.0.0', origin: 'hand' } as const;
  const inNone = join(trial.folder, 'none', 'x.backup');
  expect(await makeBackup(infobase, { ...request, file: inNone })).toEqual({
    code: 'refused',
    why: `there is no folder ${join(trial.folder, 'none')}`,
  });
  const inFile = join(trial.backup, 'x.backup');
  expect(await makeBackup(infobase, { ...request, file: inFile })).toMatchObject({ code: 'refused' });
  await infobase.close();
});
