// The dates of the rules of life as receipts store them: in the rows of «Обороты начислений», or in a pending credit. A
// change of a rule touches new accruals only.
import lifeRules from '../../../fixtures/ledger/life-rules.json';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addCard, buildReturn, buildSale, moment, register, upload } from '../testing-infobase.ts';
import { addRuledKind, day, getAccount, isInOrder, openBilling, passNightsTo } from './testing-billing.ts';

interface LifeCase {
  readonly from: string;
  readonly life?: { readonly kind: string; readonly n?: number };
  readonly delay?: { readonly kind: string; readonly n?: number };
  readonly writeOffDate?: string;
  readonly creditDate?: string;
}

const textOf = ({ kind, n }: { readonly kind: string; readonly n?: number }): string =>
  n === undefined ? kind : `${kind}:${n}`;

let infobase: Infobase;
let cards = 0;
beforeEach(async () => {
  infobase = await openBilling({ start: day('2020-01-01') });
});
afterEach(() => infobase.close());

async function addCardWith(bonus: string, accumulation: string): Promise<string> {
  cards += 1;
  const number = `C${cards}`;
  await addRuledKind(infobase, number, { bonus, accumulation });
  await addCard(infobase, { number, kindCode: number });
  return number;
}

const saleOf = (cardNumber: string, on: string, receiptNumber = 1) =>
  buildSale({
    kkm: cardNumber,
    cardNumber,
    receiptNumber,
    receiptAt: moment(`${on}T23:59:59`),
    bonusAccruedKopecks: 1,
  });

describe('worked examples', () => {
  test.each((lifeRules.cases as readonly LifeCase[]).filter(({ life }) => life !== undefined))(
    'of $from by $life: $writeOffDate',
    async ({ from, life, writeOffDate }) => {
      const rule = textOf(life!);
      const card = await addCardWith(rule, rule);
      expect((await register(infobase, saleOf(card, from))).code).toBe(0);
      const row = (amount: number): Record<string, number> => ({ [writeOffDate!]: amount });
      expect(await getAccount(infobase, card)).toEqual({
        bonus: 1,
        accumulation: 10_000,
        receipts: 1,
        rows: { bonus: row(1), accumulation: row(10_000), receipts: row(1) },
        pending: [],
      });
    },
  );

  test.each((lifeRules.cases as readonly LifeCase[]).filter(({ delay }) => delay !== undefined))(
    'of $from after $delay: $creditDate',
    async ({ from, delay, creditDate }) => {
      const card = await addCardWith(`days:1 ${textOf(delay!)}`, `unlimited ${textOf(delay!)}`);
      await register(infobase, saleOf(card, from));
      const { bonus, accumulation, receipts, rows, pending } = await getAccount(infobase, card);
      if (creditDate === from) {
        expect({ bonus, accumulation, receipts, pending }).toEqual({
          bonus: 1,
          accumulation: 10_000,
          receipts: 1,
          pending: [],
        });
        return;
      }
      // Until then it is in neither register (E7).
      expect({ bonus, accumulation, receipts }).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
      expect(rows).toEqual({ bonus: {}, accumulation: {}, receipts: {} });
      expect(pending).toEqual([
        `accumulation 10000 ${creditDate} 3999-12-31`,
        expect.stringMatching(new RegExp(`^bonus 1 ${creditDate} `)),
        `receipts 1 ${creditDate} 3999-12-31`,
      ]);
    },
  );
});

describe('a change of a rule', () => {
  test('touches new accruals only: rows keep their dates', async () => {
    const card = await addCardWith('days:10', 'days:20');
    const first = saleOf(card, '2020-01-01');
    await register(infobase, first);
    await addRuledKind(infobase, card, { bonus: 'days:30 days:2', accumulation: 'unlimited' });
    const second = saleOf(card, '2020-01-01', 2);
    await register(infobase, second);
    expect(await getAccount(infobase, card)).toMatchObject({
      rows: { bonus: { '2020-01-11': 1 }, accumulation: { '2020-01-21': 10_000, '3999-12-31': 10_000 } },
      pending: ['bonus 1 2020-01-03 2020-02-02'],
    });
  });

  test('leaves the terms of a receipt that the report corrects, and gives those of another card', async () => {
    const card = await addCardWith('days:10', 'days:20');
    const other = await addCardWith('days:5', 'days:6');
    const told = saleOf(card, '2020-01-01');
    await register(infobase, told);
    await addRuledKind(infobase, card, { bonus: 'days:30', accumulation: 'days:40' });
    await upload(infobase, [{ ...told, bonusAccruedKopecks: 3 }]);
    expect((await getAccount(infobase, card)).rows).toMatchObject({
      bonus: { '2020-01-11': 3 },
      accumulation: { '2020-01-21': 10_000 },
    });
    await upload(infobase, [{ ...told, bonusAccruedKopecks: 3, cardNumber: other }]);
    expect((await getAccount(infobase, card)).rows).toEqual({ bonus: {}, accumulation: {}, receipts: {} });
    expect((await getAccount(infobase, other)).rows).toMatchObject({
      bonus: { '2020-01-06': 3 },
      accumulation: { '2020-01-07': 10_000 },
    });
    expect(await isInOrder(infobase, card)).toBe(true);
  });

  test('a return under another rule takes the accrual back on the date it was given', async () => {
    const card = await addCardWith('days:10', 'days:20');
    const sale = saleOf(card, '2020-01-01');
    await register(infobase, sale);
    await addRuledKind(infobase, card, { bonus: 'unlimited', accumulation: 'unlimited' });
    await passNightsTo(infobase, day('2020-01-05'));
    const back = buildReturn(sale, { receiptAt: moment('2020-01-05T10:00:00') });
    expect((await register(infobase, back, moment('2020-01-05T10:00:00'))).code).toBe(0);
    expect(await getAccount(infobase, card)).toMatchObject({
      bonus: 0,
      accumulation: 0,
      receipts: 0,
      rows: { bonus: {}, accumulation: {}, receipts: {} },
    });
  });
});

test('the last date that a till can write is stored as a date, and burns no sooner', async () => {
  for (const [index, rule] of ['days:1', 'months:1', 'years:100', 'end_of_month:0', 'end_of_year:0'].entries()) {
    const card = await addCardWith(rule, `${rule} next_month`);
    const reply = await upload(infobase, [saleOf(card, '9999-12-31', index + 1)]);
    expect([rule, reply.results[0]?.code]).toEqual([rule, 0]);
    await passNightsTo(infobase, day('2020-01-05'));
    expect([rule, (await getAccount(infobase, card)).bonus]).toEqual([rule, 1]);
  }
});
