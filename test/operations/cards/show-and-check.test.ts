// A card as an operator sees it, now and at a past moment, and the check that every balance adds up.
import { statement } from '../../../src/db/statement.ts';
import { checkInfobase } from '../../../src/operations/admin/check-infobase.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { showCard } from '../../../src/operations/cards/show-card.ts';
import {
  addCard,
  addKind,
  buildReserve,
  buildReturn,
  buildSale,
  moment,
  noon,
  openTestInfobase,
  register,
  reserve,
  setSetting,
  testCard,
} from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
});
afterEach(() => infobase.close());

const show = (at?: string, movements = 20) =>
  showCard(infobase, noon, testCard.number, { movements, nights: 20, ...(at === undefined ? {} : { at: moment(at) }) });

test('balances, reserves and movements of now, the latest first', async () => {
  const scale = {
    sort: 'scale',
    steps: [{ accumulationKopecks: 10_000, receipts: 0, percentHundredths: 300 }],
  } as const;
  await addKind(infobase, { discount: scale });
  await addCard(infobase);
  const first = buildSale({ bonusAccruedKopecks: 500, receiptAt: moment('2026-11-20T10:00:00') });
  await register(infobase, first, moment('2026-11-20T10:00:01'));
  await register(infobase, buildReturn(first), moment('2026-11-21T10:00:00'));
  await register(infobase, buildSale({ receiptNumber: 2, bonusAccruedKopecks: 900 }));
  await reserve(infobase, buildReserve(buildSale({ receiptNumber: 3, bonusRedeemedKopecks: 300 })));
  const shown = await show();
  expect(shown).toMatchObject({
    card: { number: testCard.number },
    kind: { code: 'BASE' },
    at: null,
    balances: { bonus: 900, accumulation: 10_000, receipts: 1 },
    available: 600,
    discountPercentHundredths: 300,
    holds: [{ kkm: 'KKM-1', receiptNumber: 3, amount: 300 }],
  });
  expect(shown?.movements.map(({ bonus, document }) => [bonus, document])).toEqual([
    [900, expect.stringContaining('Операция ККМ')],
    [-500, expect.any(String)],
    [500, expect.any(String)],
  ]);
  expect((await show(undefined, 1))?.movements).toHaveLength(1);
});

test.each([
  ['2026-11-19T23:59:59', 0, 0, 0],
  ['2026-11-20T10:00:00', 500, 10_000, 1],
  ['2026-11-21T23:59:59', 500, 10_000, 1],
  ['2026-11-22T12:00:00', 1400, 20_000, 2],
])('balances as of %s', async (at, bonus, accumulation, receipts) => {
  await addCard(infobase);
  await register(infobase, buildSale({ bonusAccruedKopecks: 500, receiptAt: moment('2026-11-20T10:00:00') }));
  await register(infobase, buildSale({ receiptNumber: 2, bonusAccruedKopecks: 900 }));
  expect(await show(at)).toMatchObject({
    at,
    balances: { bonus, accumulation, receipts },
    available: null,
    holds: [],
  });
  expect((await show(at))?.movements).toHaveLength(receipts);
});

test('nothing of a blocked card may be spent, and the stage does not hide it', async () => {
  await addCard(infobase);
  await register(infobase, buildSale({ bonusAccruedKopecks: 500 }));
  await infobase.db.write((trx) => trx.change(block, {}));
  await setSetting(infobase, 'stage', 'cards');
  expect(await show()).toMatchObject({ balances: { bonus: 500 }, available: 0 });
});

test('there is no such card', async () => {
  expect(await show()).toBeUndefined();
});

const block = statement<Record<string, never>>((knex) => knex('card').update({ status: 'blocked' }));
const spoil = statement<{ by: number }>((knex, p) =>
  knex('accumulation_balance').update({ receipts: knex.raw('receipts + ?', [p.by]) }),
);

test('a sound infobase has nothing to tell', async () => {
  await addCard(infobase);
  await register(infobase, buildSale({ bonusAccruedKopecks: 500 }));
  const check = await checkInfobase(infobase);
  expect(check).toMatchObject({
    integrityMistakes: [],
    synchronous: 2,
    users: 0,
    kinds: 1,
    cards: 1,
    difference: null,
  });
  expect(check.migrations[0]).toBe('0001-catalogs');
});

test('the first card whose balance differs from its movements is named', async () => {
  for (const [index, number] of ['29001', '29002'].entries()) {
    await addCard(infobase, { number });
    await register(infobase, buildSale({ cardNumber: number, receiptNumber: index + 1 }));
  }
  await infobase.db.write((trx) => trx.change(spoil, { by: 2 }));
  expect((await checkInfobase(infobase)).difference).toEqual({
    register: 'accumulation_balance',
    cardNumber: '29001',
    bonus: 0,
    accumulation: 0,
    receipts: 2,
  });
});
