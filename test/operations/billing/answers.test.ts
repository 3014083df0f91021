// What a till gets under billing: what may be spent, what is pending, what will burn and when, and a history in which every
// line says what made it.
import * as fc from 'fast-check';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  keyOf,
  moment,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { history, kinds, lastDay, tellingsOf } from './histories.ts';
import { listFaults, playStart, tellAll } from './plays.ts';
import {
  day,
  getAccount,
  getCardId,
  listBillingRows,
  listOperations,
  openBilling,
  passNight,
  passNightsTo,
  postManual,
} from './testing-billing.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});
async function open(...options: Parameters<typeof openBilling>): Promise<Infobase> {
  const infobase = await openBilling(...options);
  infobases.push(infobase);
  return infobase;
}

const at = (on: string, time = '10:00:00') => moment(`${on}T${time}`);
const sale = (receiptNumber: number, on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: at(on), ...fields });

/** 100 to the 10th and 50 to the 20th, 30 of it spent: the balance is 120 on the 9th, 50 of them covered from the 10th on. */
async function openShort(availability: Settings['availability']): Promise<Infobase> {
  const infobase = await open({ kinds: { K: { bonus: 'days:9' } }, settings: { availability } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  await register(infobase, sale(1, '2021-01-01', { bonusAccruedKopecks: 10_000 }), at('2021-01-01'));
  await register(infobase, sale(2, '2021-01-01', { bonusRedeemedKopecks: 3_000 }), at('2021-01-01'));
  const row = { measure: 'bonus', writeOffOn: day('2021-01-20'), amount: 5_000 } as const;
  const cardId = await getCardId(infobase, 'C');
  await postManual(infobase, cardId, { on: day('2021-01-01'), balance: { bonus: 5_000 }, rows: [row] });
  await passNightsTo(infobase, day('2021-01-09'));
  return infobase;
}

describe('what may be spent', () => {
  // On the 10th the night has not been yet: the balance has 120, of which it will take 70.
  test.each([
    ['balance', '2021-01-09', 12_000],
    ['covered', '2021-01-09', 12_000],
    ['balance', '2021-01-10', 12_000],
    ['covered', '2021-01-10', 5_000],
  ] as const)('availability %s on %s: %d', async (availability, on, expected) => {
    const infobase = await openShort(availability);
    const now = at(on, '01:00:00');
    expect(await showCard(infobase, 'C', now)).toMatchObject({ bonusBalance: 12_000, bonusAvailable: expected });
    const till = sale(3, on, { bonusRedeemedKopecks: expected + 1 });
    expect(await reserve(infobase, buildReserve(till), now)).toMatchObject({ code: 5, bonusAvailable: expected });
    expect(await register(infobase, till, now)).toMatchObject({ code: 5, bonusAvailable: expected });
    // Set aside by one till, it is gone for another; released, it is back.
    const held = sale(4, on, { bonusRedeemedKopecks: 2_000 });
    expect(await reserve(infobase, buildReserve(held), now)).toMatchObject({
      code: 0,
      bonusAvailable: expected - 2_000,
    });
    expect(await showCard(infobase, 'C', now)).toMatchObject({
      bonusBalance: 12_000,
      bonusAvailable: expected - 2_000,
    });
    const other = sale(5, on, { bonusRedeemedKopecks: expected - 1_999 });
    expect(await register(infobase, other, now)).toMatchObject({ code: 5, bonusAvailable: expected - 2_000 });
    expect(await release(infobase, buildReserve(held), now)).toMatchObject({ code: 0, bonusAvailable: expected });
    const all = sale(6, on, { bonusRedeemedKopecks: expected });
    const reply = await register(infobase, all, now);
    expect(reply).toMatchObject({ code: 0, bonusBalance: 12_000 - expected });
    expect(reply.bonusAvailable).toBe((await showCard(infobase, 'C', now)).bonusAvailable);
    // The queue of a till is not asked: the goods are gone.
    const late = sale(7, on, { bonusRedeemedKopecks: 20_000, offline: true });
    expect(await register(infobase, late, now)).toMatchObject({
      code: 0,
      bonusBalance: -8_000 - expected,
      bonusAvailable: 0,
    });
  });

  test('a receipt takes its own hold, which the night has left, though nothing of it is covered', async () => {
    const infobase = await openShort('covered');
    await setSetting(infobase, 'holdTimeout', '86400');
    const held = sale(3, '2021-01-10', { bonusRedeemedKopecks: 6_000 });
    expect(await reserve(infobase, buildReserve(held), at('2021-01-09', '23:00:00'))).toMatchObject({ code: 0 });
    await passNight(infobase, day('2021-01-10'));
    const now = at('2021-01-10', '03:00:00');
    expect(await showCard(infobase, 'C', now)).toMatchObject({ bonusBalance: 6_000, bonusAvailable: 0 });
    const more = { ...held, bonusRedeemedKopecks: 6_001 };
    expect(await register(infobase, more, now)).toMatchObject({ code: 5, bonusBalance: 6_000 });
    expect(await register(infobase, held, now)).toMatchObject({ code: 0, bonusBalance: 0, bonusAvailable: 0 });
  });
});

test('what is pending is shown separately, and a return takes from it first', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:20 days:5' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const first = sale(1, '2021-01-01', { bonusAccruedKopecks: 400 });
  const reply = await register(infobase, first, at('2021-01-01'));
  expect(reply).toMatchObject({ code: 0, bonusBalance: 0, bonusAvailable: 0, accumulation: 10_000 });
  await register(infobase, sale(2, '2021-01-01', { bonusAccruedKopecks: 50 }), at('2021-01-01'));
  expect(await showCard(infobase, 'C', at('2021-01-01'))).toMatchObject({ bonusBalance: 0, bonusPending: 450 });
  const back = buildReturn(first, { receiptAt: at('2021-01-01'), sumWithDiscountKopecks: 2_500 });
  await register(infobase, back, at('2021-01-01'));
  expect(await showCard(infobase, 'C', at('2021-01-01'))).toMatchObject({ bonusBalance: 0, bonusPending: 350 });
  await passNightsTo(infobase, day('2021-01-06'));
  expect(await showCard(infobase, 'C', at('2021-01-06'))).toMatchObject({
    bonusBalance: 350,
    bonusPending: 0,
    expiringBonus: 350,
    expiringAt: '2021-01-26T00:00:00',
  });
});

test('what will burn next is what the nights then take, on the day foretold', async () => {
  const given = fc.sample(history, { numRuns: 40 * depth, seed: fileSeed });
  for (const lateOffline of ['compensate', 'keep'] as const) {
    const infobase = await open({ start: playStart, kinds, settings: { lateOffline } });
    const names = (await tellAll(infobase, given.flatMap(tellingsOf))).flatMap(({ name }) => [
      `${name}-A`,
      `${name}-B`,
    ]);
    const now = moment(`${addDays(playStart, lastDay)}T23:00:00`);
    const foretold = new Map<string, readonly [number, string | null]>();
    const before = new Map<string, number>();
    for (const name of names) {
      const { expiringBonus, expiringAt } = await showCard(infobase, name, now);
      foretold.set(name, [expiringBonus, expiringAt]);
      before.set(name, (await listBillingRows(infobase, name)).length);
    }
    // Every life but the unlimited ends before that.
    await passNightsTo(infobase, addDays(playStart, lastDay + 20));
    for (const name of names) {
      const made = (await listBillingRows(infobase, name)).slice(before.get(name));
      const taken = made.find(({ kind, bonus }) => kind === 'WriteOff' && bonus < 0);
      const fact = taken === undefined ? [0, null] : [-taken.bonus, `${taken.datedAt.slice(0, 10)}T00:00:00`];
      expectSame([name, ...(foretold.get(name) ?? [])], [name, ...fact]);
    }
  }
});

test('a report that differs after a night shows what it changed, and what the night would have done', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:4' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  await register(infobase, sale(1, '2021-01-01', { bonusAccruedKopecks: 100 }), at('2021-01-01'));
  await passNightsTo(infobase, day('2021-01-04'));
  const told = sale(2, '2021-01-04');
  await register(infobase, told, at('2021-01-04'));
  await passNightsTo(infobase, day('2021-01-06'));
  // The till had not reported the bonus that the buyer paid with; the night of the 5th has burned it since.
  await upload(infobase, [{ ...told, bonusRedeemedKopecks: 100 }], at('2021-01-06'));
  const shown = (await listOperations(infobase, 'C')).map(({ documentKind, bonus, bonusAfter, comment }) => {
    return [documentKind, bonus, bonusAfter, comment];
  });
  expect(shown.slice(2)).toEqual([
    ['WriteOff', -100, 0, expect.stringContaining('05.01.2021')],
    ['TpOperation', -100, -100, expect.stringContaining('Отчёт отдела отличается')],
    ['Accrual', 100, 0, expect.stringMatching(/Отчёт отдела отличается.*ночи/)],
  ]);
  expect(await listFaults(infobase, 'C')).toEqual([]);
});

test('a report that names another sale for a return moves it from the one to the other, and nothing else', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:9 days:1' } } });
  for (const number of ['C', 'D']) await addCard(infobase, { number, kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const first = sale(1, '2021-01-01', { bonusAccruedKopecks: 100 });
  const second = sale(2, '2021-01-01', { bonusAccruedKopecks: 300 });
  const third = sale(3, '2021-01-01', { bonusAccruedKopecks: 500, cardNumber: 'D' });
  for (const one of [first, second, third]) await register(infobase, one, at('2021-01-01'));
  await passNight(infobase, day('2021-01-02'));
  const back = buildReturn(first, { receiptAt: at('2021-01-02'), sumWithDiscountKopecks: 5_000 });
  await register(infobase, back, at('2021-01-02'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 350, rows: { bonus: { '2021-01-11': 350 } } });
  await upload(infobase, [{ ...back, original: keyOf(second) }], at('2021-01-02'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 250, rows: { bonus: { '2021-01-11': 250 } } });
  await upload(infobase, [{ ...back, original: keyOf(third) }], at('2021-01-02'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 400, rows: { bonus: { '2021-01-11': 400 } } });
  expect(await getAccount(infobase, 'D')).toMatchObject({ bonus: 250 });
  for (const card of ['C', 'D']) {
    expect(await listFaults(infobase, card)).toEqual([]);
    const rows = await listBillingRows(infobase, card);
    expect(rows.filter(({ origin }) => origin === 'compensation')).toEqual([]);
  }
});

test('a return that came before its sale and gets another one by a report leaves that sale its row, once', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:9' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const on = at('2021-01-01');
  const [other, bought] = [sale(1, '2021-01-01'), sale(2, '2021-01-01', { bonusAccruedKopecks: 100 })];
  // Off the queue, before its sale: its own figure is taken, and there is no row yet to take it from.
  const back = buildReturn(bought, { receiptAt: on, sumWithDiscountKopecks: 0, bonusAccruedKopecks: 100 });
  await upload(infobase, [back], on);
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: -100, rows: { bonus: {} } });
  await upload(infobase, [bought], on);
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0, rows: { bonus: {} } });
  // «Накопления» has nothing to move for the sale that the return leaves; «Обороты начислений» has its row.
  await upload(infobase, [{ ...back, bonusAccruedKopecks: 0, original: keyOf(other) }], on);
  const whole = { bonus: 100, rows: { bonus: { '2021-01-10': 100 } } };
  expect(await getAccount(infobase, 'C')).toMatchObject(whole);
  const rows = await listBillingRows(infobase, 'C');
  expect(rows.map(({ origin }) => origin)).toEqual(rows.map(() => 'receipt'));
  expect(rows.at(-2)).toMatchObject({
    bonus: 0,
    reason: 'Отчёт отдела отнёс возврат 101 (касса KKM-1) к другому чеку',
  });
  // A further return of that sale, of nothing, finds all posted.
  await register(infobase, buildReturn(bought, { receiptNumber: 102, receiptAt: on, sumWithDiscountKopecks: 0 }), on);
  expect(await getAccount(infobase, 'C')).toMatchObject(whole);
  expect(await listFaults(infobase, 'C')).toEqual([]);
});

test('a history has every billing document, in order, with what made it and when it burns', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:6', accumulation: 'days:60' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const first = sale(1, '2021-01-01', { bonusAccruedKopecks: 500 });
  const told = await register(infobase, first, at('2021-01-01'));
  const part = buildReturn(first, { receiptAt: at('2021-01-02'), sumWithDiscountKopecks: 2_000 });
  await passNight(infobase, day('2021-01-02'));
  await register(infobase, part, at('2021-01-02'));
  await upload(infobase, [{ ...first, bonusAccruedKopecks: 600 }], at('2021-01-02'));
  await passNightsTo(infobase, day('2021-01-08'));
  await upload(infobase, [sale(3, '2021-01-06', { bonusRedeemedKopecks: 130 })], at('2021-01-08'));
  await cancel(infobase, buildCancel(part, { reason: 'ошибка кассира' }), at('2021-01-08'));
  const operations = await listOperations(infobase, 'C');
  expect(operations[0]?.document).toBe(told.document);
  const shown = operations.map(({ datedAt, documentKind, bonus, bonusAfter, receiptNumber, writeOffAt, comment }) => {
    return [
      datedAt.slice(0, 10),
      documentKind,
      receiptNumber,
      bonus,
      bonusAfter,
      writeOffAt?.slice(0, 10) ?? null,
      comment,
    ];
  });
  expect(shown).toEqual([
    ['2021-01-01', 'KkmOperation', 1, 500, 500, '2021-01-07', null],
    ['2021-01-02', 'KkmOperation', 101, -100, 400, null, null],
    ['2021-01-01', 'TpOperation', 1, 80, 480, '2021-01-07', expect.stringContaining('начислено бонусов')],
    ['2021-01-07', 'WriteOff', null, -480, 0, null, expect.stringContaining('07.01.2021')],
    ['2021-01-06', 'TpOperation', 3, -130, -130, null, null],
    ['2021-01-08', 'Accrual', 3, 130, 0, null, expect.stringMatching(/06\.01\.2021/)],
    // The cancel gives back what the return took, and the night that had not known of it takes its part.
    ['2021-01-08', 'KkmOperation', 101, 120, 120, '2021-01-07', expect.stringContaining('ошибка кассира')],
    ['2021-01-08', 'WriteOff', 101, -120, 0, null, expect.stringMatching(/ошибка кассира: ночи/)],
  ]);
  expect(new Set(operations.map(({ document }) => document)).size).toBe(operations.length);
  expect(await listFaults(infobase, 'C')).toEqual([]);
  expect((await getAccount(infobase, 'C')).bonus).toBe(operations.at(-1)?.bonusAfter);
});

test('a line of a night shows the balance, what does not burn yet, and which accruals ran out', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:6', accumulation: 'days:6' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const cardId = await getCardId(infobase, 'C');
  const gift = { measure: 'bonus', writeOffOn: day('2021-01-07'), amount: 250 } as const;
  await postManual(infobase, cardId, { on: day('2021-01-01'), balance: { bonus: 250 }, rows: [gift] });
  const first = sale(1, '2021-01-01', { bonusAccruedKopecks: 500, sumWithDiscountKopecks: 10_000 });
  await register(infobase, first, at('2021-01-01'));
  await passNight(infobase, day('2021-01-02'));
  await register(
    infobase,
    sale(2, '2021-01-02', { bonusAccruedKopecks: 100, bonusRedeemedKopecks: 50 }),
    at('2021-01-02'),
  );
  await passNightsTo(infobase, day('2021-01-07'));
  const known = (await listOperations(infobase, 'C')).at(-1);
  expect(known).toMatchObject({ documentKind: 'WriteOff', bonus: -700, accumulation: -10_000, receipts: -1 });
  const givenBy = (await listOperations(infobase, 'C'))[0]?.document;
  expect(known?.comment).toBe(
    'Биллинг: дисконтные карты - ночной регламент за 07.01.2021; ' +
      `бонусы 7: остаток 8, не сгорает 1, истекли: 2.5 (${givenBy}), 5 (чек 1, касса KKM-1, 01.01.2021); ` +
      'накопление 100: остаток 200, не сгорает 100, истекли: 100 (чек 1, касса KKM-1, 01.01.2021); ' +
      'чеки 1: остаток 2, не сгорает 1, истекли: 1 (чек 1, касса KKM-1, 01.01.2021)',
  );
  // What comes after that night is corrected by a document of its own, which says why.
  const late = sale(3, '2021-01-01', { bonusAccruedKopecks: 70 });
  await upload(infobase, [late], at('2021-01-07'));
  const again = (await listOperations(infobase, 'C')).find(({ document }) => document === known?.document);
  expect(again?.comment).toBe(known?.comment);
});

const whyBonus = async (infobase: Infobase, card: string): Promise<(string | undefined)[]> =>
  (await listOperations(infobase, card))
    .filter(({ documentKind }) => documentKind === 'WriteOff')
    .map(({ comment }) => /бонусы [^;]*/.exec(comment ?? '')?.[0]);

/** Accrues as many rubles as its number says. */
const of = (card: string, number: number): Receipt =>
  sale(number, '2021-01-01', { kkm: card, cardNumber: card, bonusAccruedKopecks: number * 100 });
const row = (card: string, number: number): string => `${number} (чек ${number}, касса ${card}, 01.01.2021)`;

test('what comes during a night is named if the night found it, and not on a card that it had handled', async () => {
  const infobase = await open({ kinds: { K: { bonus: 'days:6' } } });
  await passNight(infobase, day('2021-01-01'));
  for (const number of ['C1', 'C2', 'C3']) {
    await addCard(infobase, { number, kindCode: 'K' });
    await register(infobase, of(number, 1), at('2021-01-01'));
  }
  await passNightsTo(infobase, day('2021-01-06'));
  let chunks = 0;
  const pause = async (): Promise<void> => {
    chunks += 1;
    if (chunks === 1) await upload(infobase, [of('C1', 2), of('C2', 2)], at('2021-01-07', '02:00:05'));
    if (chunks === 2) await upload(infobase, [of('C3', 3)], at('2021-01-07', '02:00:06'));
  };
  await passNight(infobase, day('2021-01-07'), { chunkCards: 1, pause });
  expect(await whyBonus(infobase, 'C1')).toEqual([
    `бонусы 1: остаток 1, не сгорает 0, истекли: ${row('C1', 1)}`,
    // The compensation: its own comment says why.
    undefined,
  ]);
  expect(await whyBonus(infobase, 'C2')).toEqual([
    `бонусы 3: остаток 3, не сгорает 0, истекли: ${row('C2', 1)}, ${row('C2', 2)}`,
  ]);
  expect(await whyBonus(infobase, 'C3')).toEqual([
    `бонусы 4: остаток 4, не сгорает 0, истекли: ${row('C3', 1)}, ${row('C3', 3)}`,
  ]);
});

test.each<[Settings['lateOffline'], (string | undefined)[]]>([
  ['keep', ['бонусы 7: остаток 7, не сгорает 0, истекли: 7 (чек 1, касса KKM-1, 01.01.2021)']],
  // Both nights are made good as the receipt comes, so the next one has nothing to take.
  ['compensate', [undefined]],
])('a row whose date had passed when it came is met by the next night (%s)', async (lateOffline, told) => {
  const infobase = await open({ kinds: { K: { bonus: 'days:3' } }, settings: { lateOffline } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  await passNightsTo(infobase, day('2021-01-05'));
  await upload(infobase, [sale(1, '2021-01-01', { bonusAccruedKopecks: 700 })], at('2021-01-05'));
  await passNightsTo(infobase, day('2021-01-07'));
  expect(await whyBonus(infobase, 'C')).toEqual(told);
  // A later night names none of it again.
  await register(infobase, sale(2, '2021-01-07', { bonusAccruedKopecks: 300 }), at('2021-01-07'));
  await passNightsTo(infobase, day('2021-01-10'));
  expect((await whyBonus(infobase, 'C')).at(-1)).toBe(
    'бонусы 3: остаток 3, не сгорает 0, истекли: 3 (чек 2, касса KKM-1, 07.01.2021)',
  );
});
