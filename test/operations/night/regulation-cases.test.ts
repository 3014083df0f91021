// The worked examples of the nightly regulation through the whole service: registers in a database, receipts by the
// operations, nights as they are run. E4, E5 and E7 show what wrongly posted rows would do, so their rows are put there.
import regulation from '../../../fixtures/ledger/regulation.json';
import type { MeasureName } from '../../../src/ledger/account.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { catchUpNights, runNight } from '../../../src/operations/night/run-night.ts';
import { addCard, buildReturn, buildSale, moment, register, setSetting, upload } from '../testing-infobase.ts';
import {
  addRuledKind,
  day,
  getAccount,
  getCardId,
  getLastNight,
  isInOrder,
  listBillingRows,
  listOperations,
  openBilling,
  passNight,
  passNightsTo,
  postManual,
  type KindRules,
} from '../billing/testing-billing.ts';

interface Before {
  readonly balance: number;
  readonly accruals: readonly { readonly writeOffDate: string; readonly amount: number }[];
}

interface Case {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly before?: Before;
  readonly night?: string;
  readonly expect?: { readonly covered: number; readonly writeOff: number; readonly balance: number };
}

const cases = regulation.cases as readonly Case[];
const measureOf = ({ id }: Case): MeasureName =>
  id === 'E13-sum' ? 'accumulation' : id === 'E13-count' ? 'receipts' : 'bonus';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

/** Billing since the day before `on`, whose night is still to run, with one card "C" of kind K. */
async function openBefore(on: LocalDate, rules: KindRules = {}, settings = {}): Promise<Infobase> {
  const infobase = await openBilling({ start: addDays(on, -1), kinds: { K: rules }, settings });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, addDays(on, -1));
  return infobase;
}

describe('rows put into the registers, and the night', () => {
  test.each(cases.filter(({ before }) => before !== undefined))('$id $title', async (given) => {
    const measure = measureOf(given);
    const { balance, accruals } = given.before as Before;
    const night = day(given.night as string);
    const infobase = await openBefore(night);
    const cardId = await getCardId(infobase, 'C');
    const rows = accruals.map(({ writeOffDate, amount }) => ({ measure, writeOffOn: day(writeOffDate), amount }));
    const on = addDays(night, -1);
    // Rows of one date are in documents of their own, as when a return takes an accrual back.
    await postManual(infobase, cardId, { on, balance: { [measure]: balance }, rows: rows.slice(0, 1) });
    for (const row of rows.slice(1)) await postManual(infobase, cardId, { on, rows: [row] });
    await passNight(infobase, night);
    const after = await getAccount(infobase, 'C');
    expect(after[measure]).toBe(given.expect?.balance);
    const taken = (await listBillingRows(infobase, 'C')).filter(({ origin }) => origin === 'night');
    const writeOff = given.expect?.writeOff ?? 0;
    expect(taken.map((row) => [row.kind, row[measure]])).toEqual(writeOff === 0 ? [] : [['WriteOff', -writeOff]]);
    // A is untouched by the night, and what it took is what the facts make.
    const sums = rows.reduce<Record<string, number>>((total, { writeOffOn, amount }) => {
      const sum = (total[writeOffOn] ?? 0) + amount;
      const { [writeOffOn]: _, ...others } = total;
      return sum === 0 ? others : { ...others, [writeOffOn]: sum };
    }, {});
    expect(after.rows[measure]).toEqual(sums);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    // The same date again, and the next, take nothing more that this one should have taken.
    expect(await runNight(infobase, night, moment(night), { holder: 'test', readMs: () => 0 })).toMatchObject({
      code: 'done_before',
    });
    expect(await getAccount(infobase, 'C')).toEqual(after);
  });
});

const sale = (on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ cardNumber: 'C', receiptAt: moment(`${on}T10:00:00`), ...fields });
const evening = (on: string) => moment(`${on}T20:00:00`);

/** 100 accrued to the 10th and spent on the 2nd; given back on `on`. */
async function giveBack(on: string, lateOffline: string): Promise<Infobase> {
  const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:9' }, { lateOffline });
  await passNight(infobase, day('2021-01-01'));
  await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
  await passNight(infobase, day('2021-01-02'));
  const spending = sale('2021-01-02', { receiptNumber: 2, bonusRedeemedKopecks: 10_000 });
  await register(infobase, spending, evening('2021-01-02'));
  await passNightsTo(infobase, day(on));
  const back = buildReturn(spending, { receiptAt: moment(`${on}T11:00:00`) });
  expect(await register(infobase, back, evening(on))).toMatchObject({ code: 0, bonusBalance: 10_000 });
  return infobase;
}

describe('the same by receipts', () => {
  test('E1, E2, E3: what was spent before decides how much burns', async () => {
    for (const [spent, left] of [
      [0, 5_000],
      [3_000, 5_000],
      [12_000, 3_000],
    ] as const) {
      const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:9' });
      await passNight(infobase, day('2021-01-01'));
      await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
      await passNightsTo(infobase, day('2021-01-09'));
      const later = sale('2021-01-09', { receiptNumber: 2, bonusAccruedKopecks: 5_000 });
      await register(infobase, later, evening('2021-01-09'));
      const spending = sale('2021-01-09', { receiptNumber: 3, bonusRedeemedKopecks: spent });
      await register(infobase, spending, evening('2021-01-09'));
      await passNight(infobase, day('2021-01-10'));
      expect((await getAccount(infobase, 'C')).bonus).toBe(left);
      expect(await isInOrder(infobase, 'C')).toBe(true);
    }
  });

  test('E5b: a return takes the accrual back on its own date, so the old one burns', async () => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:4' });
    await passNight(infobase, day('2021-01-01'));
    await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 1_000 }), evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-01-04'));
    const second = sale('2021-01-04', { receiptNumber: 2, bonusAccruedKopecks: 1_000 });
    await register(infobase, second, evening('2021-01-04'));
    const back = buildReturn(second, { receiptAt: moment('2021-01-04T11:00:00') });
    expect(await register(infobase, back, evening('2021-01-04'))).toMatchObject({ code: 0, bonusBalance: 1_000 });
    expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2021-01-05': 1_000 });
    await passNight(infobase, day('2021-01-05'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
  });

  test.each(['compensate', 'keep'])('E6, E6b: bonus given back has its original term again (%s)', async (mode) => {
    const before = await giveBack('2021-01-08', mode);
    await passNight(before, day('2021-01-09'));
    expect((await getAccount(before, 'C')).bonus).toBe(10_000);
    await passNight(before, day('2021-01-10'));
    expect((await getAccount(before, 'C')).bonus).toBe(0);
    const after = await giveBack('2021-01-11', mode);
    await passNight(after, day('2021-01-12'));
    expect((await getAccount(after, 'C')).bonus).toBe(0);
    expect(await isInOrder(after, 'C')).toBe(true);
  });

  test('E6b with a new life: it may be spent as long as any accrual of that day', async () => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:9' }, { restoreTerm: 'new_life' });
    await passNight(infobase, day('2021-01-01'));
    await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
    const spending = sale('2021-01-01', { receiptNumber: 2, bonusRedeemedKopecks: 10_000 });
    await register(infobase, spending, evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-01-11'));
    const back = buildReturn(spending, { receiptAt: moment('2021-01-11T11:00:00') });
    await register(infobase, back, evening('2021-01-11'));
    await passNightsTo(infobase, day('2021-01-19'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(10_000);
    await passNight(infobase, day('2021-01-20'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
  });

  test('a change of restoreTerm touches later returns only', async () => {
    const infobase = await giveBack('2021-01-05', 'compensate');
    await setSetting(infobase, 'restoreTerm', 'new_life');
    expect(await isInOrder(infobase, 'C')).toBe(true);
    await passNight(infobase, day('2021-01-06'));
    // A late receipt of another matter requires the whole card to be calculated again.
    await upload(infobase, [sale('2021-01-03', { receiptNumber: 7 })], evening('2021-01-06'));
    expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2021-01-10': 10_000 });
    const spending = sale('2021-01-06', { receiptNumber: 8, bonusRedeemedKopecks: 300 });
    await register(infobase, spending, evening('2021-01-06'));
    await register(infobase, buildReturn(spending, { receiptNumber: 108 }), evening('2021-01-06'));
    expect((await getAccount(infobase, 'C')).rows.bonus).toEqual({ '2021-01-10': 10_000, '2021-01-15': 300 });
    await setSetting(infobase, 'restoreTerm', 'original');
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test.each([
    ['original', 'days:9', '2021-01-10'],
    ['new_life', 'days:9', '2021-01-10'],
    ['original', 'days:9 days:5', '2021-01-10'],
    ['new_life', 'days:9 days:5', '2021-01-10'],
  ])('a return whose sale is not known gives bonus back, %s, %s: it burns on %s', async (restoreTerm, bonus, on) => {
    const infobase = await openBefore(day('2021-01-01'), { bonus }, { restoreTerm });
    await passNight(infobase, day('2021-01-01'));
    const unknown = sale('2020-06-01', { receiptNumber: 9 });
    const back = buildReturn(unknown, { receiptAt: moment('2021-01-01T11:00:00'), bonusRedeemedKopecks: 700 });
    const { results } = await upload(infobase, [back], evening('2021-01-01'));
    expect(results).toMatchObject([{ code: 0, bonusBalance: 700 }]);
    await passNightsTo(infobase, addDays(day(on), -1));
    expect((await getAccount(infobase, 'C')).bonus).toBe(700);
    await passNight(infobase, day(on));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('E7: a delayed credit is pending, so it shields nothing', async () => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:9' });
    await passNight(infobase, day('2021-01-01'));
    await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-01-09'));
    await addRuledKind(infobase, 'K', { bonus: 'days:30 days:6' });
    const delayed = sale('2021-01-09', { receiptNumber: 2, bonusAccruedKopecks: 10_000 });
    await register(infobase, delayed, evening('2021-01-09'));
    await passNight(infobase, day('2021-01-10'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0, pending: ['bonus 10000 2021-01-15 2021-02-14'] });
    await passNightsTo(infobase, day('2021-01-15'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 10_000, pending: [] });
  });

  test('E9: a debt is not written off, and what comes in pays it first', async () => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:9' });
    await passNight(infobase, day('2021-01-01'));
    const owed = sale('2021-01-01', { bonusRedeemedKopecks: 10_000, offline: true });
    await register(infobase, owed, evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-01-10'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(-10_000);
    const more = sale('2021-01-10', { receiptNumber: 2, bonusAccruedKopecks: 4_000 });
    expect(await register(infobase, more, evening('2021-01-10'))).toMatchObject({ bonusBalance: -6_000 });
    await passNightsTo(infobase, day('2021-02-01'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(-6_000);
  });

  test('E10: no rule is unlimited life, which no night takes', async () => {
    const infobase = await openBefore(day('2021-01-01'));
    await passNight(infobase, day('2021-01-01'));
    await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-03-01'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 10_000, rows: { bonus: { '3999-12-31': 10_000 } } });
  });

  test.each([
    ['compensate', 0],
    ['keep', -10_000],
  ] as const)('E11: an offline redemption older than the last night, %s', async (lateOffline, balance) => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'days:4' }, { lateOffline });
    await passNight(infobase, day('2021-01-01'));
    await register(infobase, sale('2021-01-01', { bonusAccruedKopecks: 10_000 }), evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-01-05'));
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
    await passNight(infobase, day('2021-01-06'));
    const late = sale('2021-01-04', { receiptNumber: 2, bonusRedeemedKopecks: 10_000, offline: true });
    const { results } = await upload(infobase, [late], evening('2021-01-06'));
    expect(results).toMatchObject([{ code: 0, bonusBalance: balance, bonusAvailable: 0 }]);
    expect((await getAccount(infobase, 'C')).bonus).toBe(balance);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    const made = (await listBillingRows(infobase, 'C')).filter(({ origin }) => origin === 'compensation');
    if (lateOffline === 'keep') return expect(made).toEqual([]);
    // The write-off that would not have been is given back where everybody can see it, and why.
    expect(made).toMatchObject([{ kind: 'Accrual', bonus: 10_000, reason: expect.stringMatching(/\S/) }]);
    const shown = (await listOperations(infobase, 'C')).at(-1);
    expect(shown).toMatchObject({ documentKind: 'Accrual', bonus: 10_000, comment: expect.stringMatching(/\S/) });
  });

  test('E12: missed nights are run in order, each with its own date; one late run would have burned less', async () => {
    const given = cases.find(({ id }) => id === 'E12') as Case;
    const infobase = await openBefore(day('2021-01-05'));
    const cardId = await getCardId(infobase, 'C');
    // 100 to the 5th is there when the service goes down; what the shop does meanwhile waits in the till.
    const old = { measure: 'bonus', writeOffOn: day('2021-01-05'), amount: 10_000 } as const;
    await postManual(infobase, cardId, { on: day('2021-01-04'), balance: { bonus: 10_000 }, rows: [old] });
    const { nights, end } = await catchUpNights(infobase, moment('2021-01-07T08:00:00'), {
      holder: 'test',
      readMs: () => 0,
    });
    expect(end.code).toBe('up_to_date');
    expect(nights.map(({ businessOn, writeOffLines }) => [businessOn, writeOffLines])).toEqual([
      ['2021-01-05', 1],
      ['2021-01-06', 0],
      ['2021-01-07', 0],
    ]);
    expect(await getLastNight(infobase)).toBe('2021-01-07');
    expect((await getAccount(infobase, 'C')).bonus).toBe(0);
    // The queue of the till: 100 more on the 5th, and 100 spent on the 6th.
    await addRuledKind(infobase, 'K', { bonus: 'days:25' });
    const [more, spent] = [
      sale('2021-01-05', { bonusAccruedKopecks: 10_000 }),
      sale('2021-01-06', { receiptNumber: 2, bonusRedeemedKopecks: 10_000 }),
    ];
    await upload(infobase, [more, spent], moment('2021-01-07T09:00:00'));
    // Of the 100 that the 5th burned nothing is left to spend: one late run would have left them (E12 as given).
    expect((await getAccount(infobase, 'C')).bonus).toBe((given.expect?.balance ?? 0) - 10_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('E13: the accumulation sum and the receipt count age by the accumulation rule', async () => {
    const infobase = await openBefore(day('2021-01-01'), { bonus: 'unlimited', accumulation: 'end_of_month:0' });
    await passNight(infobase, day('2021-01-01'));
    const first = sale('2021-01-01', { sumWithDiscountKopecks: 500_000, receiptCountDelta: 6, bonusAccruedKopecks: 7 });
    await register(infobase, first, evening('2021-01-01'));
    await passNightsTo(infobase, day('2021-02-01'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 7, accumulation: 0, receipts: 0 });
    const second = sale('2021-02-01', { receiptNumber: 2, sumWithDiscountKopecks: 700_000, receiptCountDelta: 9 });
    await register(infobase, second, evening('2021-02-01'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 7, accumulation: 700_000, receipts: 9 });
    await passNightsTo(infobase, day('2021-03-01'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 7, accumulation: 0, receipts: 0 });
  });
});
