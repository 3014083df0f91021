// Returns of sales that were there when billing was switched on, where the worked examples end: an opening row that has
// burned, a later row of an import, the other measures, and a card that an earlier version has left wrong.
import { insertBillingDocument, postUncheckedLine } from '../../../src/db/billing/billing-register.ts';
import { findCard, updateCard } from '../../../src/db/cards/card.ts';
import { noMeasures } from '../../../src/ledger/measures.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { enable, openOnline } from '../enabling/testing-enabling.ts';
import { addCard, buildCancel, buildReturn, buildSale, cancel, moment, register, upload } from '../testing-infobase.ts';
import { listFaults } from './plays.ts';
import {
  day,
  getAccount,
  getCardId,
  listBillingRows,
  listOperations,
  openBilling,
  passNightsTo,
  postManual,
  type KindRules,
} from './testing-billing.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

const at = (on: string) => moment(`2026-${on}T12:00:00`);
const sale = (receiptNumber: number, on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: at(on), offline: true, ...fields });
const accrued = sale(1, '02-26', { bonusAccruedKopecks: 100 });
const spent = sale(2, '02-26', { bonusRedeemedKopecks: 40 });

/** Billing since 03-01 over two sales, +100 and -40, with the nights up to that date. */
async function openOver(rules: KindRules, upTo: string): Promise<Infobase> {
  const infobase = await openOnline({ K: rules });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  for (const one of [accrued, spent]) await register(infobase, one, at('02-26'));
  expect(await enable(infobase, day('2026-03-01'), day(`2026-${upTo}`))).toEqual({ code: 'done' });
  return infobase;
}

let numbers = 100;
async function takeBack(infobase: Infobase, of: Receipt, on: string, fields: Partial<Receipt> = {}): Promise<number> {
  const back = buildReturn(of, { receiptAt: at(on), receiptNumber: (numbers += 1), ...fields });
  const { results } = await upload(infobase, [back], at(on));
  expect(results[0]?.code).toBe(0);
  expect(await listFaults(infobase, 'C')).toEqual([]);
  return (await getAccount(infobase, 'C')).bonus;
}

describe('where the opening row has burned', () => {
  test('what had burned is not taken again; what had been spent is owed, and paid by what is given back', async () => {
    const infobase = await openOver({ bonus: 'days:3' }, '03-05');
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
    expect(await takeBack(infobase, accrued, '03-05')).toBe(-40);
    expect(await takeBack(infobase, spent, '03-05')).toBe(0);
    await passNightsTo(infobase, day('2026-03-08'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
  });

  test('what is given back burns the next night', async () => {
    const infobase = await openOver({ bonus: 'days:3' }, '03-05');
    expect(await takeBack(infobase, spent, '03-05')).toBe(40);
    await passNightsTo(infobase, day('2026-03-06'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
    // The sale that had accrued it comes back as well: of its 100 nothing is left to take.
    expect(await takeBack(infobase, accrued, '03-06')).toBe(0);
  });

  test('the accumulation sum and the count follow the same rule', async () => {
    const infobase = await openOver({ accumulation: 'days:3' }, '03-05');
    const more = sale(3, '03-05', { sumWithDiscountKopecks: 700 });
    await register(infobase, more, at('03-05'));
    await takeBack(infobase, accrued, '03-05');
    expect(await getAccount(infobase, 'C')).toMatchObject({
      accumulation: 700,
      receipts: 1,
      rows: { accumulation: { '2026-03-08': 700 } },
    });
    await passNightsTo(infobase, day('2026-03-07'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ accumulation: 700, receipts: 1 });
  });
});

test('of several opening rows the latest, as they are when the first old sale of the card comes back', async () => {
  const infobase = await openOver({ bonus: 'months:6' }, '03-05');
  const cardId = await getCardId(infobase, 'C');
  const openRow = (amount: number, writeOffOn: string) =>
    postManual(infobase, cardId, {
      on: day('2026-03-05'),
      kind: 'OpeningBalance',
      balance: { bonus: amount },
      rows: [{ measure: 'bonus', writeOffOn: day(writeOffOn), amount }],
    });
  await openRow(30, '2026-12-31');
  // 60 of the opening, 30 of the import; half of the 100 comes back.
  expect(await takeBack(infobase, accrued, '03-05', { sumWithDiscountKopecks: 5_000 })).toBe(40);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-09-01': 60 });
  await openRow(80, '2027-01-31');
  expect(await takeBack(infobase, accrued, '03-05', { sumWithDiscountKopecks: 5_000 })).toBe(70);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-09-01': 60, '2027-01-31': 80 });
  // 70 are owed without a row: the 40 given back pay of it.
  expect(await takeBack(infobase, spent, '03-05')).toBe(110);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-09-01': 60, '2027-01-31': 80 });
});

test('a change of the rule does not move the date that what is given back has', async () => {
  const infobase = await openOnline({ K: { bonus: 'months:6' }, L: { bonus: 'months:12' } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  const all = sale(2, '02-26', { bonusRedeemedKopecks: 100 });
  for (const one of [accrued, all]) await register(infobase, one, at('02-26'));
  await enable(infobase, day('2026-03-01'), day('2026-03-05'));
  await takeBack(infobase, all, '03-05', { sumWithDiscountKopecks: 5_000 });
  await infobase.db.write(async (trx) => {
    const card = await findCard(trx, 'C');
    if (card !== undefined) await updateCard(trx, { ...card, kindCode: 'L' });
  });
  await takeBack(infobase, all, '03-05', { sumWithDiscountKopecks: 5_000 });
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-09-01': 100 });
  await takeBack(infobase, accrued, '03-05');
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({});
});

test('a return that a report moves from an old sale to a new one and back leaves each as if it had never been there', async () => {
  const infobase = await openOver({ bonus: 'months:6', accumulation: 'months:6' }, '03-05');
  const fresh = sale(3, '03-05', { bonusAccruedKopecks: 500, bonusRedeemedKopecks: 30 });
  await register(infobase, fresh, at('03-05'));
  const before = await getAccount(infobase, 'C');
  const back = (of: Receipt) =>
    buildReturn(of, { receiptAt: at('03-05'), receiptNumber: 900, sumWithDiscountKopecks: 5_000 });
  const ends = [];
  for (const original of [accrued, spent, fresh, accrued, fresh]) {
    expect((await upload(infobase, [back(original)], at('03-05'))).results[0]?.code).toBe(0);
    expect(await listFaults(infobase, 'C')).toEqual([]);
    ends.push((await getAccount(infobase, 'C')).rows.bonus);
  }
  // Half of the 100, half of the 40 given back, half of the 500 with half of the 30 given back.
  const [ofAccrued, ofFresh] = [
    { '2026-09-01': 10, '2026-09-05': 500 },
    { '2026-09-01': 60, '2026-09-05': 250 },
  ];
  expect(ends).toEqual([ofAccrued, { '2026-09-01': 80, '2026-09-05': 500 }, ofFresh, ofAccrued, ofFresh]);
  // The rest of the new sale is in time, and measured by what its own receipts have posted.
  await takeBack(infobase, fresh, '03-05', { sumWithDiscountKopecks: 5_000 });
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 60, rows: { bonus: { '2026-09-01': 60 } } });
  await cancel(infobase, buildCancel(back(fresh)), at('03-05'));
  expect(await listFaults(infobase, 'C')).toEqual([]);
  expect(before).toMatchObject({ bonus: 530, rows: { bonus: { '2026-09-01': 60, '2026-09-05': 500 } } });
});

test('what had burned of a returned accrual is left by a document that says so', async () => {
  const infobase = await openBilling({ start: day('2026-02-01'), kinds: { K: { bonus: 'days:3' } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  const first = sale(1, '02-01', { bonusAccruedKopecks: 100 });
  await register(infobase, first, at('02-01'));
  await passNightsTo(infobase, day('2026-02-05'));
  await takeBack(infobase, first, '02-05');
  const shown = (await listOperations(infobase, 'C')).slice(-2);
  expect(shown.map(({ documentKind, bonus, bonusAfter }) => [documentKind, bonus, bonusAfter])).toEqual([
    ['TpOperation', -100, -100],
    ['Accrual', 100, 0],
  ]);
  expect(shown[1]?.comment).toBe(
    'Возврат от 05.02.2026 12:00:00: остаток пересчитан так, как если бы возвращённого не начисляли',
  );
});

test('a row that was below zero is put in order by what touches it, and what comes in on it is posted', async () => {
  const infobase = await openBilling({ start: day('2026-02-01'), kinds: { K: { bonus: 'days:30' } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  const cardId = await getCardId(infobase, 'C');
  await infobase.db.write(async (trx) => {
    const head = { kind: 'KkmOperation', origin: 'receipt', effectiveOn: null, receiptId: null } as const;
    const dated = { datedAt: at('02-01'), recordedAt: at('02-01'), documentId: null, comment: null };
    const row = { measure: 'bonus', writeOffOn: day('2026-03-03'), amount: -500 } as const;
    const effect = { balance: noMeasures, rows: [row], pending: [] };
    await postUncheckedLine(trx, await insertBillingDocument(trx, { ...head, ...dated }), 1, cardId, effect, null);
  });
  const first = sale(1, '02-01', { bonusAccruedKopecks: 100 });
  expect((await register(infobase, first, at('02-01'))).code).toBe(0);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-03-03': -400 });
  expect(await takeBack(infobase, first, '02-01', { sumWithDiscountKopecks: 5_000 })).toBe(50);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2026-03-03': 50 });
  const movements = await listBillingRows(infobase, 'C');
  expect(movements.map(({ origin, bonus }) => [origin, bonus])).toEqual([
    ['receipt', 0],
    ['receipt', 100],
    ['receipt', -50],
    ['compensation', 0],
  ]);
  expect(movements.at(-1)?.reason).toMatch(/^Исправление/);
  // What was put in order is not counted as the sale's: its other half takes its own row.
  expect(await takeBack(infobase, first, '02-01', { sumWithDiscountKopecks: 5_000 })).toBe(0);
  expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({});
});
