// The log of changes by itself: what a row has, when none is written, that none is ever changed, and how it is read by pages.
import { statement } from '../../../src/db/statement.ts';
import { listChanges } from '../../../src/operations/admin/list-changes.ts';
import { advanceClock, giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addServiceUser, changeServiceUser, findServiceUser } from '../../../src/operations/admin/users.ts';
import { makeFirstUsers } from '../../../src/operations/admin/make-first-users.ts';
import { saveCardKind } from '../../../src/operations/catalogs/save-card-kind.ts';
import { editCards } from '../../../src/operations/cards/edit-cards.ts';
import { createCardRange } from '../../../src/operations/cards/create-card-range.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { moment, noon, openTestInfobase } from '../testing-infobase.ts';
import { readLog, whatOf } from './testing-change-log.ts';

let base: Infobase;
let infobase: Infobase;
/** 2026-11-22T23:30:00 in UTC. */
let nowMs = Date.UTC(2026, 10, 22, 23, 30);

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 22, 23, 30);
  base = await openTestInfobase({ timeZone: 'Europe/Moscow' });
  infobase = base.by({ name: 'Иванова', door: 'console', readMs: () => nowMs });
});
afterEach(() => base.close());

test('a row has who, where from, when by the machine in the zone of the infobase, and the fields that differ', async () => {
  await saveSetting(infobase, noon, 'holdTimeout', '300');
  expect(await readLog(base)).toEqual([
    {
      id: 1,
      recordedAt: '2026-11-23T02:30:00',
      by: 'Иванова',
      door: 'console',
      subject: 'setting',
      key: 'holdTimeout',
      before: { value: '900' },
      after: { value: '300' },
    },
  ]);
});

test('nothing is written where nothing was changed, refused, tried only, or where nobody acts', async () => {
  await saveSetting(infobase, noon, 'holdTimeout', '900');
  await saveSetting(infobase, noon, 'holdTimeout', 'час');
  await saveSetting(infobase, noon, 'holdTimeout', '300', true);
  await saveSetting(base, noon, 'holdTimeout', '300');
  expect((await saveCardKind(infobase, { code: 'BASE' })).ok).toBe(true);
  await editCards(infobase, { where: ['kind=BASE'], set: ['status=blocked'] });
  expect(await readLog(base)).toEqual([]);
});

test('a change that fails leaves no row, and a row that fails leaves no change', async () => {
  const write = base.db.write.bind(base.db);
  jest.spyOn(base.db, 'write').mockImplementationOnce((work) =>
    write(async (trx) => {
      await work(trx);
      throw new Error('the disk is full');
    }),
  );
  await expect(saveSetting(infobase, noon, 'holdTimeout', '300')).rejects.toThrow('the disk is full');
  expect(await readLog(base)).toEqual([]);
  nowMs = Number.NaN;
  await expect(saveSetting(infobase, noon, 'holdTimeout', '300')).rejects.toBeDefined();
  expect(await base.db.read((trx) => base.loadSettings(trx))).toMatchObject({ holdTimeout: '900' });
});

test('neither a password nor its hash is in any row', async () => {
  await addServiceUser(infobase, noon, { name: 'kassa', role: 'till', password: 'секрет-1' });
  await changeServiceUser(infobase, 'kassa', { password: 'секрет-2' });
  await changeServiceUser(infobase, 'kassa', { role: 'auditor' });
  await changeServiceUser(infobase, 'kassa', { role: 'auditor' });
  const rows = await readLog(base);
  expect(rows.map(whatOf)).toEqual([
    { subject: 'user', key: 'kassa', before: null, after: { role: 'till' } },
    { subject: 'user', key: 'kassa', before: null, after: { password: 'changed' } },
    { subject: 'user', key: 'kassa', before: { role: 'till' }, after: { role: 'auditor' } },
  ]);
  const hash = (await findServiceUser(base, 'kassa'))?.passwordHash ?? '';
  expect([JSON.stringify(rows).includes('секрет'), JSON.stringify(rows).includes(hash)]).toEqual([false, false]);
});

test('the first users are made by the service itself', async () => {
  const service = base.by({ name: 'kkm serve', door: 'service', readMs: () => nowMs });
  await makeFirstUsers(service, noon, { name: 'admin', password: undefined }, async () => undefined);
  expect(await readLog(base)).toMatchObject([
    { by: 'kkm serve', door: 'service', subject: 'user', key: 'admin', after: { role: 'admin' } },
    { by: 'kkm serve', door: 'service', subject: 'user', key: 'till', after: { role: 'till' } },
  ]);
});

test('work of many transactions has one row: ranges, edits, a clock that passes nights', async () => {
  const range = { prefix: '', from: '1', to: '4500', width: '5', kindCode: 'BASE' };
  await createCardRange(infobase, range);
  await createCardRange(infobase, range);
  await editCards(infobase, { where: ['kind=BASE'], set: ['status=blocked'] });
  await saveSetting(base, noon, 'stage', 'billing');
  await giveTestClock(base, noon);
  const options = { nightTime: '02:00:00', holder: 'test', readMs: () => 0, wait: async () => undefined };
  const moved = await advanceClock(infobase, moment('2026-11-25T12:00:00'), options);
  expect(moved).toMatchObject({ ok: true });
  expect((await readLog(base)).map(whatOf)).toEqual([
    { subject: 'cards', key: '00001 - 04500', before: null, after: { kindCode: 'BASE', numbers: 4500 } },
    { subject: 'cards', key: 'kind=BASE', before: null, after: { set: 'status=blocked', cards: 4500 } },
    {
      subject: 'clock',
      key: 'test',
      before: { standsAt: '2026-11-22T12:00:00' },
      after: { standsAt: '2026-11-25T12:00:00' },
    },
  ]);
});

test('no row is changed or removed', async () => {
  await saveSetting(infobase, noon, 'holdTimeout', '300');
  const change = statement<Record<string, never>>((knex) => knex('change_log').update({ actor: 'nobody' }));
  const remove = statement<Record<string, never>>((knex) => knex('change_log').delete());
  for (const one of [change, remove]) {
    await expect(base.db.write((trx) => trx.change(one, {}))).rejects.toMatchObject({
      message: expect.stringContaining('append-only'),
    });
  }
});

test('the log is read by pages, the latest first, by sort, name and dates', async () => {
  const other = base.by({ name: 'Петров', door: 'http', readMs: () => nowMs });
  for (let count = 1; count <= 5; count += 1) {
    nowMs = Date.UTC(2026, 10, 20 + count, 12);
    await saveSetting(count === 3 ? other : infobase, noon, 'holdTimeout', String(count));
  }
  await addServiceUser(infobase, noon, { name: 'kassa', role: 'till', password: 'секрет-1' });
  const all = { subject: null, by: null, from: null, to: null };
  const ids = async (filter: object, before: number | null = null) => {
    const { changes, next } = await listChanges(base, { ...all, ...filter }, { limit: 2, before });
    return [changes.map(({ id }) => id), next];
  };
  expect(await ids({})).toEqual([[6, 5], 5]);
  expect(await ids({}, 5)).toEqual([[4, 3], 3]);
  expect(await ids({}, 3)).toEqual([[2, 1], null]);
  expect(await ids({ subject: 'user' })).toEqual([[6], null]);
  expect(await ids({ by: 'Петров' })).toEqual([[3], null]);
  expect(await ids({ by: 'Петро' })).toEqual([[], null]);
  expect(await ids({ from: '2026-11-22', to: '2026-11-23' })).toEqual([[3, 2], null]);
});
