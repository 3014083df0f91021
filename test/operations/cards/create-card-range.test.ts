// Cards made by a range of numbers: which numbers these are, and what becomes of the ones there are already.
import { countCards, findCard } from '../../../src/db/cards/card.ts';
import { createCardRange, type CardRangeRequest } from '../../../src/operations/cards/create-card-range.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addCard, openTestInfobase, testKind } from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
});
afterEach(() => infobase.close());

const request: CardRangeRequest = { prefix: '29', from: '1', to: '3', width: '11', kindCode: testKind.code };

test.each<[Partial<CardRangeRequest>, string, string]>([
  [{}, '2900000000001', '2900000000003'],
  [{ from: '0001', to: '0003' }, '2900000000001', '2900000000003'],
  [{ width: undefined }, '291', '293'],
  [{ width: undefined, from: '8', to: '12' }, '2908', '2912'],
  [{ prefix: '', width: '5' }, '00001', '00003'],
  [{ prefix: 'Ж-', from: '7', to: '7', width: '1' }, 'Ж-7', 'Ж-7'],
  [{ from: '9007199254740993', to: '9007199254740995', width: '16' }, '299007199254740993', '299007199254740995'],
  [{ prefix: '', from: '0', to: '0', width: '50' }, '0'.repeat(50), '0'.repeat(50)],
])('%j begins with %s and ends with %s', async (fields, first, last) => {
  const outcome = await createCardRange(infobase, { ...request, ...fields });
  expect(outcome).toMatchObject({ ok: true, first, last, skipped: 0 });
  const card = await infobase.db.read((trx) => findCard(trx, last));
  expect(card).toMatchObject({ number: last, kindCode: testKind.code, status: 'active', holder: null });
});

test.each<[Partial<CardRangeRequest>, keyof CardRangeRequest, string]>([
  [{ from: '-1' }, 'from', 'whole number'],
  [{ to: '1e3' }, 'to', 'whole number'],
  [{ from: '4' }, 'from', 'above'],
  [{ width: '0' }, 'width', '1 to 50'],
  [{ width: 'x' }, 'width', '1 to 50'],
  [{ to: '100', width: '2' }, 'width', 'more than 2 digits'],
  [{ width: '49' }, 'width', '50 characters at most'],
  [{ to: '10000001' }, 'to', 'at most'],
  [{ prefix: ' 29' }, 'prefix', 'no blank'],
  [{ prefix: '29\n' }, 'prefix', 'control'],
  [{ prefix: '29 ' }, 'prefix', 'no blank'],
  [{ prefix: '29:' }, 'prefix', 'colon'],
  [{ prefix: '="29' }, 'prefix', 'quotes'],
  [{ kindCode: 'NONE' }, 'kindCode', 'there is no card kind'],
])('%j is refused', async (fields, field, why) => {
  expect(await createCardRange(infobase, { ...request, ...fields })).toEqual({
    ok: false,
    field,
    why: expect.stringContaining(why),
  });
  expect(await infobase.db.read(countCards)).toBe(0);
});

test('numbers that are there are left alone and counted', async () => {
  await addCard(infobase, { number: '2900000000002', status: 'blocked', holder: 'Иванова' });
  expect(await createCardRange(infobase, request, { isDryRun: true })).toMatchObject({ created: 2, skipped: 1 });
  expect(await infobase.db.read(countCards)).toBe(1);
  expect(await createCardRange(infobase, request)).toMatchObject({ created: 2, skipped: 1 });
  expect(await createCardRange(infobase, request)).toMatchObject({ created: 0, skipped: 3 });
  const known = await infobase.db.read((trx) => findCard(trx, '2900000000002'));
  expect(known).toMatchObject({ status: 'blocked', holder: 'Иванова' });
});

test('a large range goes in turns, with room for others between them', async () => {
  const turns: number[] = [];
  const afterTurn = async (done: number): Promise<void> => {
    turns.push(done);
    await addCard(infobase, { number: `between ${done}` });
  };
  const large = { ...request, to: '4500' };
  expect(await createCardRange(infobase, large, { afterTurn })).toMatchObject({ created: 4500 });
  expect(turns).toEqual([2000, 4000, 4500]);
  expect(await infobase.db.read(countCards)).toBe(4503);
});
