// Shops and tills: a document carries the shop that its till stood in when it came, whatever becomes of the till.
import { statement } from '../../../src/db/statement.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { getSyncPackage } from '../../../src/operations/sync/serve-sync.ts';
import {
  listTills,
  listUnknownTills,
  removeShop,
  removeTill,
  saveShop,
  saveTill,
} from '../../../src/operations/catalogs/shops.ts';
import {
  addCard,
  buildCancel,
  buildSale,
  cancel,
  noon,
  openTestInfobase,
  read,
  register,
  upload,
} from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
});
afterEach(() => infobase.close());

const stamps = statement<Record<string, never>, { shop: string | null }>((knex) =>
  knex('document').select({ shop: 'shop_code' }).orderBy('id'),
);
const listStamps = async (): Promise<(string | null)[]> =>
  (await infobase.db.read((trx) => trx.list(stamps, {}))).map(({ shop }) => shop);

test('every document is stamped with the shop of its till, and keeps it', async () => {
  await register(infobase, buildSale({ receiptNumber: 1 }));
  expect(await saveShop(infobase, 'A', 'Первый')).toEqual({ ok: true, isNew: true });
  expect(await saveShop(infobase, 'B', 'Второй')).toEqual({ ok: true, isNew: true });
  expect(await saveTill(infobase, 'KKM-1', { shopCode: 'A' })).toEqual({ ok: true, isNew: true });
  const sale = buildSale({ receiptNumber: 2 });
  await register(infobase, sale);
  expect(await saveTill(infobase, 'KKM-1', { shopCode: 'B' })).toEqual({ ok: true, isNew: false });
  await upload(infobase, [buildSale({ receiptNumber: 3 }), buildSale({ kkm: 'KKM-2', receiptNumber: 4 })]);
  await cancel(infobase, buildCancel(sale));
  await upload(infobase, [buildSale({ receiptNumber: 3, sumWithDiscountKopecks: 77 })]);
  expect(await listStamps()).toEqual([null, 'A', 'B', null, 'B', 'B']);
});

test('a shop with tills or documents stays, and a till is of a known shop', async () => {
  expect(await saveShop(infobase, 'A', undefined)).toMatchObject({ ok: false, field: 'name', sort: 'missing' });
  await saveShop(infobase, 'A', 'Первый');
  expect(await saveShop(infobase, 'A', undefined)).toEqual({ ok: true, isNew: false });
  expect(await saveTill(infobase, 'KKM-1', { shopCode: 'X' })).toMatchObject({
    ok: false,
    why: expect.stringMatching(/no shop "X"/),
  });
  await saveTill(infobase, 'KKM-1', { shopCode: 'A', isSynced: true });
  expect(await removeShop(infobase, 'A')).toMatchObject({
    ok: false,
    why: 'shop "A" stays: tills in it: 1',
    remedy: 'move_tills',
  });
  await register(infobase, buildSale());
  await saveTill(infobase, 'KKM-1', { shopCode: null });
  expect(await removeShop(infobase, 'A')).toMatchObject({ ok: false, why: expect.stringMatching(/documents/) });
  expect(await listTills(infobase)).toEqual([{ kkm: 'KKM-1', shopCode: null, isSynced: true }]);
  expect(await removeTill(infobase, 'KKM-1')).toEqual({ ok: true, isNew: false });
  expect(await removeTill(infobase, 'KKM-1')).toMatchObject({ ok: false });
  expect(await removeShop(infobase, 'Z')).toMatchObject({ ok: false, why: expect.stringMatching(/no shop "Z"/) });
});

test('tills that were served and are in no catalog are told, each once', async () => {
  expect(await listUnknownTills(infobase)).toEqual([]);
  for (const [index, kkm] of ['KKM-2', 'Касса 1', 'KKM-1', 'KKM-2', 'KKM-3'].entries()) {
    await register(infobase, buildSale({ kkm, receiptNumber: index }));
  }
  for (const kkm of ['KKM-0', 'KKM-3']) await getSyncPackage(infobase, noon, read({ kkm, lastVersion: null }));
  await saveTill(infobase, 'KKM-1', {});
  expect(await listUnknownTills(infobase)).toEqual(['KKM-0', 'KKM-2', 'KKM-3', 'Касса 1']);
  await saveTill(infobase, 'KKM-2', { isSynced: true });
  expect(await listUnknownTills(infobase)).toEqual(['KKM-0', 'KKM-3', 'Касса 1']);
});
