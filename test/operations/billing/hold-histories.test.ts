// Random weeks of cards whose bonus is reserved about 02:00: no till that has reserved is refused, the registers are what the
// facts and the holds make, and a night leaves above what is covered no more than was held.
import * as fc from 'fast-check';
import { addDays, addSeconds, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
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
  moment,
  register,
  release,
  reserve,
  upload,
} from '../testing-infobase.ts';
import { listFaults } from './plays.ts';
import { day, getAccount, openBilling, passNightsTo } from './testing-billing.ts';

const start = day('2026-01-01');
const kinds = {
  short: { bonus: 'days:1' },
  longer: { bonus: 'days:3' },
  delayed: { bonus: 'days:2 days:1' },
  fixed: { bonus: 'fixed_date:2026-01-05' },
};

interface Day {
  readonly accrued: number;
  /** Seconds from 01:48 on; the hold lasts for a quarter of an hour, and is taken or freed in its last minute. */
  readonly reserveAt: number;
  readonly reserved: number;
  readonly end: 'taken' | 'taken as of the day before' | 'taken in part' | 'released' | 'left';
  /** A receipt of some day before that comes after the night. */
  readonly late: { readonly daysBefore: number; readonly accrued: number; readonly redeemed: number } | null;
  readonly undone: 'nothing' | 'the accrual' | 'the receipt that took it' | 'what was accrued, by a return';
}

const oneDay: fc.Arbitrary<Day> = fc.record({
  accrued: fc.constantFrom(0, 50, 100, 170),
  reserveAt: fc.integer({ min: 0, max: 1_000 }),
  reserved: fc.constantFrom(0, 20, 60, 150),
  end: fc.constantFrom('taken', 'taken as of the day before', 'taken in part', 'released', 'left'),
  late: fc.option(
    fc.record({
      daysBefore: fc.integer({ min: 0, max: 3 }),
      accrued: fc.constantFrom(0, 80),
      redeemed: fc.constantFrom(0, 30),
    }),
    { freq: 3 },
  ),
  undone: fc.constantFrom(
    'nothing',
    'nothing',
    'nothing',
    'the accrual',
    'the receipt that took it',
    'what was accrued, by a return',
  ),
});

class Card {
  readonly number: string;
  private readonly infobase: Infobase;
  private receipts = 0;
  private accrual: Receipt | undefined;
  private held: { readonly receipt: Receipt; readonly amount: number } | undefined;

  constructor(infobase: Infobase, number: string) {
    this.infobase = infobase;
    this.number = number;
  }

  private build(on: LocalDate, time: string, fields: Partial<Receipt>): Receipt {
    this.receipts += 1;
    const key = { kkm: this.number, receiptNumber: this.receipts, receiptAt: moment(`${on}T${time}`) };
    return buildSale({ ...key, cardNumber: this.number, sumWithDiscountKopecks: 0, ...fields });
  }

  /** Up to the night of `on`. */
  async evening(on: LocalDate, { accrued, reserveAt, reserved, end }: Day): Promise<void> {
    const eve = addDays(on, -1);
    const at = moment(`${eve}T20:00:00`);
    this.accrual = accrued > 0 ? this.build(eve, '20:00:00', { bonusAccruedKopecks: accrued }) : undefined;
    if (this.accrual !== undefined) await register(this.infobase, this.accrual, at);
    const isOfEve = end === 'taken as of the day before';
    const amount = end === 'taken in part' ? Math.ceil(reserved / 2) : reserved;
    const receipt = this.build(isOfEve ? eve : on, isOfEve ? '23:59:00' : '02:04:00', { bonusRedeemedKopecks: amount });
    this.held = undefined;
    if (reserved === 0) return;
    const call = buildReserve(receipt, { amountKopecks: reserved });
    const madeAt = addSeconds(moment(`${on}T01:48:00`), reserveAt);
    if ((await reserve(this.infobase, call, madeAt)).code === 0) this.held = { receipt, amount: reserved };
  }

  /** After it, while the hold is active. */
  async morning(on: LocalDate, { reserveAt, end, late, undone }: Day): Promise<void> {
    const { infobase, held } = this;
    const now = addSeconds(moment(`${on}T01:48:00`), reserveAt + 850);
    const isTaken = end.startsWith('taken');
    if (held !== undefined && isTaken) expect(await register(infobase, held.receipt, now)).toMatchObject({ code: 0 });
    if (held !== undefined && end === 'released') {
      await release(infobase, buildReserve(held.receipt, { amountKopecks: held.amount }), now);
    }
    const noon = moment(`${on}T12:00:00`);
    if (late !== null) {
      const { daysBefore, accrued, redeemed } = late;
      const sums = { bonusAccruedKopecks: accrued, bonusRedeemedKopecks: redeemed };
      await upload(infobase, [this.build(addDays(on, -daysBefore), '11:00:00', sums)], noon);
    }
    if (undone === 'the receipt that took it' && held !== undefined && isTaken) {
      await cancel(infobase, buildCancel(held.receipt), noon);
    }
    if (undone === 'what was accrued, by a return' && this.accrual !== undefined) {
      this.receipts += 1;
      await upload(infobase, [buildReturn(this.accrual, { receiptAt: noon, receiptNumber: this.receipts })], noon);
    }
    if (undone === 'the accrual') {
      await cancel(infobase, buildCancel(this.build(addDays(on, -1), '20:00:00', {}), { receiptNumber: 1 }), noon);
    }
  }

  /** Right after the night: B - S(T) is no more than the hold. */
  async checkNight(on: LocalDate): Promise<void> {
    const { bonus, rows } = await getAccount(this.infobase, this.number);
    const covered = Object.entries(rows.bonus)
      .filter(([writeOffOn]) => writeOffOn > on)
      .reduce((sum, [, amount]) => sum + amount, 0);
    expect(bonus - Math.max(0, covered)).toBeLessThanOrEqual(this.held?.amount ?? 0);
  }
}

const runs = 27 * depth;

test(`${runs} random weeks`, async () => {
  const week = fc.record({
    kind: fc.constantFrom(...Object.keys(kinds)),
    days: fc.array(oneDay, { minLength: 2, maxLength: 7 }),
  });
  const given = fc.sample(week, { numRuns: runs, seed: fileSeed });
  const infobase = await openBilling({ start, kinds });
  await passNightsTo(infobase, start);
  const cards = given.map((one, index) => ({ ...one, card: new Card(infobase, `W${index}`) }));
  for (const { card, kind } of cards) await addCard(infobase, { number: card.number, kindCode: kind });
  for (let count = 0; count < 7; count += 1) {
    const on = addDays(start, count + 1);
    const own = cards.flatMap(({ card, days }) =>
      days[count] === undefined ? [] : [{ card, one: days[count] as Day }],
    );
    for (const { card, one } of own) await card.evening(on, one);
    await passNightsTo(infobase, on, { chunkCards: 7 });
    for (const { card } of own) await card.checkNight(on);
    for (const { card, one } of own) await card.morning(on, one);
  }
  for (const { card } of cards) expectSame(await listFaults(infobase, card.number), []);
  await infobase.close();
});
