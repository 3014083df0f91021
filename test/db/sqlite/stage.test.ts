// Staging: temporary tables are filled and read without a lock of the infobase, and are there for a write after.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Database } from '../../../src/db/db.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import {
  closeImportStage,
  openImportStage,
  stageRows,
  sumStage,
  judgeStage,
} from '../../../src/db/opening/import-stage.ts';

let folder: string;
let db: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-stage-'));
  db = await openDatabase({ file: join(folder, 'base.sqlite'), busyTimeoutMs: 50 });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const row = { line: 2, cardNumber: '29', kindCode: 'A', holder: null, writeOffOn: null, accumulation: 0, receipts: 0 };

test('rows are staged and judged while another process holds the write lock', async () => {
  const other = new BetterSqlite(join(folder, 'base.sqlite'));
  other.exec('begin immediate');
  await db.stage(openImportStage);
  await db.stage((trx) => stageRows(trx, [{ ...row, bonus: 5 }]));
  await db.stage((trx) => judgeStage(trx, { mayCreate: true, billing: undefined }));
  await expect(db.write(sumStage)).rejects.toMatchObject({
    message: expect.stringContaining('locked by another process'),
  });
  other.exec('rollback');
  other.close();
  expect(await db.write(sumStage)).toEqual({ rows: 1, cards: 1, created: 1, bonus: 5, accumulation: 0, receipts: 0 });
  await db.stage(closeImportStage);
  await expect(db.stage(sumStage)).rejects.toMatchObject({ message: expect.stringContaining('no such table') });
});

test('what a stage throws undoes its own part; waiting for anything but queries is refused', async () => {
  await db.stage(openImportStage);
  const broken = db.stage(async (trx) => {
    await stageRows(trx, [{ ...row, bonus: 5 }]);
    throw new Error('broken off');
  });
  await expect(broken).rejects.toMatchObject({ message: expect.stringContaining('broken off') });
  // Not for a timer: on a busy machine it may fire in the same turn of the event loop.
  const waiting = db.stage(() => new Promise<void>(() => undefined));
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('something other than its own queries'),
  });
  await db.stage((trx) => judgeStage(trx, { mayCreate: true, billing: undefined }));
  expect(await db.stage(sumStage)).toMatchObject({ rows: 0, cards: 0 });
});
