// Sealed days: what goes on legitimately is no difference, at any moment; what is not is named by its day.
import { join } from 'node:path';
import { insertBillingDocument, postUncheckedLine } from '../../../src/db/billing/billing-register.ts';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { makeBackup } from '../../../src/operations/admin/make-backup.ts';
import { repairCards } from '../../../src/operations/admin/repair-cards.ts';
import { editCards } from '../../../src/operations/cards/edit-cards.ts';
import { confirmations, disableBilling } from '../../../src/operations/enabling/disable-billing.ts';
import { enableBilling } from '../../../src/operations/enabling/enable-billing.ts';
import { sealDay } from '../../../src/operations/seals/make-seal.ts';
import { verifySeals } from '../../../src/operations/seals/verify-seals.ts';
import { backUp } from '../testing-backup.ts';
import { moment } from '../testing-infobase.ts';
import {
  closeDay,
  firstDay,
  openFile,
  openSealTrial,
  sealRunner,
  tamper,
  tradeDay,
  verify,
  type SealTrial,
} from './testing-seals.ts';

let trial: SealTrial;
beforeEach(async () => {
  trial = await openSealTrial();
});
afterEach(() => trial.end());

async function sealDays(count: number): Promise<void> {
  for (let day = 0; day < count; day += 1) {
    if (day > 0) await tradeDay(trial.infobase, day);
    expect((await closeDay(trial.infobase, day)).code).toBe('sealed');
  }
}

const inOrder = { differences: [], found: 0 };

test('days are sealed one after the other, chained, and late facts make no difference', async () => {
  const { infobase } = trial;
  const digests: string[] = [];
  for (let day = 0; day < 5; day += 1) {
    if (day > 0) await tradeDay(infobase, day);
    expect(await verify(infobase)).toMatchObject({ seals: day, ...inOrder });
    const end = await closeDay(infobase, day);
    if (end.code !== 'sealed') throw new Error(JSON.stringify(end));
    expect(end.seal).toMatchObject({ businessOn: `2026-01-0${day + 1}`, previous: digests.at(-1) ?? '' });
    digests.push(end.seal.digest);
    expect(await verify(infobase)).toMatchObject({ seals: day + 1, ...inOrder });
    expect((await closeDay(infobase, day)).code).toBe('up_to_date');
  }
});

test('days that were missed are in the next seal', async () => {
  await sealDays(1);
  for (const day of [1, 2, 3]) await tradeDay(trial.infobase, day);
  const end = await closeDay(trial.infobase, 3);
  expect(end).toMatchObject({ code: 'sealed', seal: { id: 2, businessOn: '2026-01-04' } });
  expect(await verify(trial.infobase)).toMatchObject({ seals: 2, ...inOrder });
});

test('a day is not sealed before its night, and a sealing that is stopped is done again from its beginning', async () => {
  const { infobase } = trial;
  await sealDays(1);
  await tradeDay(infobase, 1);
  const morning = moment(`${addDays(firstDay, 2)}T02:10:00`);
  expect(await sealDay(infobase, morning, sealRunner)).toEqual({ code: 'not_now', why: 'nights_due' });
  expect(await sealDay(infobase, moment(`${addDays(firstDay, 2)}T01:10:00`), sealRunner)).toEqual({
    code: 'up_to_date',
  });
  expect(await closeDay(infobase, 1, { shouldStop: () => true })).toEqual({ code: 'stopped' });
  expect(await verify(infobase)).toMatchObject({ seals: 1, ...inOrder });
  expect((await closeDay(infobase, 1)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 2, ...inOrder });
});

test('facts that come while a day is being sealed belong to it or to the next', async () => {
  const { infobase } = trial;
  await sealDays(2);
  await tradeDay(infobase, 2);
  let hasTraded = false;
  const pause = async (): Promise<void> => {
    if (hasTraded) return;
    hasTraded = true;
    await tradeDay(infobase, 3);
  };
  expect((await closeDay(infobase, 2, { pause })).code).toBe('sealed');
  expect([hasTraded, await verify(infobase)]).toMatchObject([true, { seals: 3, ...inOrder }]);
  expect((await closeDay(infobase, 3)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 4, ...inOrder });
});

test('billing that is switched off and on again is sealed from its beginning', async () => {
  const { infobase, folder } = trial;
  await sealDays(3);
  const now = moment(`${addDays(firstDay, 3)}T20:00:00`);
  const runner = { holder: 'one', readMs: () => 1_000_000 };
  const options = { ...runner, backupFile: join(folder, 'off.backup'), backUp, confirm: [...confirmations] };
  expect((await disableBilling(infobase, now, options)).code).toBe('done');
  expect(await verify(infobase)).toMatchObject(inOrder);
  expect((await enableBilling(infobase, now, firstDay, runner)).code).toBe('done');
  expect(await verify(infobase)).toMatchObject(inOrder);
  await tradeDay(infobase, 4);
  expect((await closeDay(infobase, 4)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 4, ...inOrder });
  await tradeDay(infobase, 5);
  expect((await closeDay(infobase, 5)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 5, ...inOrder });
  tamper(trial.file, (database) => {
    database.exec('drop trigger seal_break_no_delete');
    database.exec('delete from seal_break where id = 2');
  });
  expect((await verify(infobase)).found).toBeGreaterThan(0);
});

test('a repair, and a long edit of cards that a seal comes into, make no difference', async () => {
  const { infobase, file } = trial;
  const many = `insert into card (number, kind_code, status) with recursive n (i) as
    (select 1 union all select i + 1 from n where i < 5000) select cast(3000000000 + i as text), 'SHORT', 'active' from n`;
  tamper(file, (database) => database.exec(many));
  await sealDays(2);
  await tradeDay(infobase, 2);
  let turns = 0;
  const afterTurn = async (): Promise<void> => {
    turns += 1;
    if (turns === 1) expect((await closeDay(infobase, 2)).code).toBe('sealed');
  };
  expect(await editCards(infobase, { where: [], set: ['note=все'] }, { afterTurn })).toMatchObject({ ok: true });
  expect(turns).toBeGreaterThan(2);
  expect(await verify(infobase)).toMatchObject(inOrder);
  // What another version has posted wrong, dated today.
  const now = moment(`${addDays(firstDay, 3)}T12:00:00`);
  await infobase.db.write(async (trx) => {
    const head = { kind: 'Accrual', origin: 'compensation', effectiveOn: null, receiptId: null } as const;
    const document = { ...head, documentId: null, comment: null, datedAt: now, recordedAt: now };
    const effect = { balance: { bonus: 7, accumulation: 0, receipts: 0 }, rows: [], pending: [] };
    await postUncheckedLine(trx, await insertBillingDocument(trx, document), 1, 1, effect, null);
  });
  expect(await repairCards(infobase, now, { limit: 5 })).toMatchObject({ code: 'done', check: { wrong: 1 } });
  expect(await verify(infobase)).toMatchObject(inOrder);
  expect((await closeDay(infobase, 3)).code).toBe('sealed');
  expect(await verify(infobase)).toMatchObject({ seals: 4, ...inOrder });
});

test('the first day that differs comes first, and the document in it is named', async () => {
  await sealDays(4);
  tamper(trial.file, (database) => {
    database.exec(`update document set comment = 'x' where id = (select max(id) from document)`);
    database.exec(`update document set reply = '{}' where id = 3`);
  });
  const { differences, found } = await verify(trial.infobase);
  expect(found).toBe(2);
  expect(differences[0]).toEqual({
    businessOn: '2026-01-01',
    sort: 'changed',
    what: expect.stringMatching(/^Операция ККМ 000000003 от 01\.01\.2026 12:00:00 \(document 3\)$/),
  });
  expect(differences[1]).toMatchObject({ businessOn: '2026-01-04', sort: 'changed' });
});

test('facts that come while the seals are compared make no difference', async () => {
  const { infobase } = trial;
  await sealDays(2);
  let hasTraded = false;
  const onProgress = async (): Promise<void> => {
    if (hasTraded) return;
    hasTraded = true;
    await tradeDay(infobase, 2);
  };
  expect([await verifySeals(infobase, { limit: 5, onProgress }), hasTraded]).toMatchObject([inOrder, true]);
});

test('the seals are in a backup, whose manifest names the last one', async () => {
  await sealDays(2);
  const file = join(trial.folder, 'trade.backup');
  const request = { file, madeAt: moment('2026-01-03T12:00:00'), productVersion: '0.0.0', origin: 'hand' } as const;
  const end = await makeBackup(trial.infobase, request);
  if (end.code !== 'done') throw new Error(JSON.stringify(end));
  const { last } = await verify(trial.infobase);
  expect(end.manifest.seal).toEqual({ businessOn: '2026-01-02', digest: last?.digest });
  const restored = await openFile(file);
  expect(await verify(restored, last?.digest)).toMatchObject({ seals: 2, ...inOrder });
  await restored.close();
});
