// What holds of every card whatever has happened: no measure turns into another, turnovers of any period add up,
// no kopeck is lost of the largest sums, «Накопления» knows nothing of billing, and movements are never changed.
import * as fc from 'fast-check';
import { statement } from '../../../src/db/statement.ts';
import type { Measures } from '../../../src/ledger/measures.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  addCard,
  buildReturn,
  buildSale,
  moment,
  openTestInfobase,
  register,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { history, kinds, lastDay, tellingsOf, type History } from './histories.ts';
import { playStart, tellAll, type Fact, type Outcome } from './plays.ts';
import {
  addAll,
  addRuledKind,
  day,
  getAccount,
  isInOrder,
  listBillingRows,
  openBilling,
  passNightsTo,
  type BillingRow,
  type PlainAccount,
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

const sample = (): History[] => fc.sample(history, { numRuns: 50 * depth, seed: fileSeed });
const inTimeOf = (one: History) => tellingsOf(one)[0] as ReturnType<typeof tellingsOf>[0];

/** One side of an account: bonus, or the accumulation sum and the receipt count. */
function takeSide({ bonus, accumulation, receipts, rows, pending }: PlainAccount, side: 'bonus' | 'accumulation') {
  const credits = pending.filter((credit) => credit.startsWith('bonus') === (side === 'bonus'));
  return side === 'bonus'
    ? { bonus, rows: rows.bonus, credits }
    : { accumulation, receipts, rows: [rows.accumulation, rows.receipts], credits };
}

/** Sends every history as it is and with its facts changed; one side of the accounts must be the same. */
async function expectSideSame(given: readonly History[], side: 'bonus' | 'accumulation', how: (fact: Fact) => Fact) {
  const changed = given.map((one) => ({ ...one, facts: one.facts.map(how) }));
  const outcomes = await tellAll(await open({ start: playStart, kinds }), [...given, ...changed].map(inTimeOf));
  for (const [index, one] of given.entries()) {
    const [own, other] = [outcomes[index], outcomes[index + given.length]] as [Outcome, Outcome];
    for (const card of ['A', 'B'] as const) {
      const sides = [own, other].map(({ billing }) => takeSide(billing[card], side));
      expectSame({ one, card, side: sides[0] }, { one, card, side: sides[1] });
    }
  }
}

describe('the three measures', () => {
  test('other bonus figures move nothing but bonus', () =>
    expectSideSame(sample(), 'accumulation', (fact) =>
      'accrued' in fact ? { ...fact, accrued: fact.accrued * 7 + 3, redeemed: fact.redeemed * 2 } : fact,
    ));

  test('other sums for the accumulation, and other counts, change no bonus', () =>
    expectSideSame(sample(), 'bonus', (fact) => ('accrued' in fact ? { ...fact, accumulation: 777, count: 3 } : fact)));
});

type Movement = BillingRow & { readonly cardId: number };
const allMovements = statement<Record<string, never>, Movement>((knex) =>
  knex('billing_movement')
    .join('billing_document', 'billing_document.id', 'billing_movement.document_id')
    .orderBy(['billing_movement.document_id', 'billing_movement.line'])
    .select({
      cardId: 'billing_movement.card_id',
      documentId: 'billing_movement.document_id',
      datedAt: 'billing_document.dated_at',
      bonus: 'billing_movement.bonus',
      accumulation: 'billing_movement.accumulation',
      receipts: 'billing_movement.receipts',
    }),
);
type CardBalance = Measures & { readonly cardId: number };
const allBalances = statement<Record<string, never>, CardBalance>((knex) =>
  knex('billing_balance').select({
    cardId: 'card_id',
    bonus: 'bonus',
    accumulation: 'accumulation',
    receipts: 'receipts',
  }),
);

test('opening + in - out = closing, for every card, measure and period', async () => {
  const infobase = await open({ start: playStart, kinds });
  await tellAll(infobase, sample().flatMap(tellingsOf));
  const movements = await infobase.db.read((trx) => trx.list(allMovements, {}));
  const balances = await infobase.db.read((trx) => trx.list(allBalances, {}));
  const byCard = new Map<number, Movement[]>();
  for (const movement of movements) byCard.set(movement.cardId, [...(byCard.get(movement.cardId) ?? []), movement]);
  expect(new Set(byCard.keys())).toEqual(new Set(balances.map(({ cardId }) => cardId)));
  const bounds = [-3, 0, 2, 5, 9, lastDay + 1].map((count): LocalDate => addDays(playStart, count));
  const dated = ({ datedAt }: Movement): string => datedAt.slice(0, 10);
  for (const { cardId, ...balance } of balances) {
    const own = byCard.get(cardId) ?? [];
    let opening: Measures = addAll(own.filter((movement) => dated(movement) < (bounds[0] as LocalDate)));
    for (const [index, from] of bounds.entries()) {
      const to = bounds[index + 1];
      const inPeriod = own.filter((one) => dated(one) >= from && (to === undefined || dated(one) < to));
      const closing = addAll([opening, addAll(inPeriod)]);
      for (const measure of ['bonus', 'accumulation', 'receipts'] as const) {
        const figures = inPeriod.map((movement) => movement[measure]);
        const come = figures.filter((figure) => figure > 0).reduce((sum, figure) => sum + figure, 0);
        const gone = figures.filter((figure) => figure < 0).reduce((sum, figure) => sum - figure, 0);
        expect(opening[measure] + come - gone).toBe(closing[measure]);
      }
      opening = closing;
    }
    expect({ cardId, ...opening }).toEqual({ cardId, ...balance });
  }
});

test('after every night no balance is above what covers it, but for what that night has credited too late', async () => {
  const infobase = await open({ start: playStart, kinds });
  const names = (await tellAll(infobase, sample().flatMap(tellingsOf))).map(({ name }) => name);
  const cards = names.flatMap((name) => [`${name}-A`, `${name}-B`]);
  for (const count of [1, 2, 3]) {
    const before = await Promise.all(cards.map((card) => getAccount(infobase, card)));
    const night = addDays(playStart, lastDay + count);
    await passNightsTo(infobase, night);
    for (const [index, card] of cards.entries()) {
      const account = await getAccount(infobase, card);
      for (const measure of ['bonus', 'accumulation', 'receipts'] as const) {
        const dates = Object.entries(account.rows[measure]);
        expect({ card, measure, lowest: Math.min(0, ...dates.map(([, amount]) => amount)) }).toMatchObject({
          lowest: 0,
        });
        // A fixed date may come within the delay: such a credit burns the next night.
        const dead = (before[index]?.pending ?? [])
          .map((credit) => credit.split(' '))
          .filter(([of, , creditOn = '', end = '']) => of === measure && creditOn <= night && end <= night)
          .reduce((sum, [, amount]) => sum + Number(amount), 0);
        const covered = dates.reduce((sum, [end, amount]) => (end > night ? sum + amount : sum), 0);
        const above = Math.max(0, account[measure] - covered - dead);
        expect({ card, measure, above }).toEqual({ card, measure, above: 0 });
      }
    }
  }
});

const sale = (receiptNumber: number, on: string, fields = {}) =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: moment(`${on}T10:00:00`), ...fields });

describe('sums of 10^12 rubles', () => {
  const trillion = 100_000_000_000_000;

  test('keep every kopeck through sales, parts, nights and a late fact', async () => {
    const infobase = await open();
    await addRuledKind(infobase, 'K', { bonus: 'days:9 days:1', accumulation: 'days:12' });
    await addCard(infobase, { number: 'C', kindCode: 'K' });
    await passNightsTo(infobase, day('2021-01-01'));
    const first = sale(1, '2021-01-01', { sumWithDiscountKopecks: trillion + 1, bonusAccruedKopecks: trillion - 1 });
    expect(await register(infobase, first, moment('2021-01-01T11:00:00'))).toMatchObject({
      code: 0,
      accumulation: trillion + 1,
    });
    await passNightsTo(infobase, day('2021-01-02'));
    const third = Math.floor(trillion / 3);
    const back = buildReturn(first, { receiptAt: moment('2021-01-02T10:00:00'), sumWithDiscountKopecks: third });
    await register(infobase, back, moment('2021-01-02T11:00:00'));
    // Half up, by integers that no float could hold.
    const taken = Number(
      (2n * BigInt(trillion - 1) * BigInt(third) + BigInt(trillion + 1)) / (2n * BigInt(trillion + 1)),
    );
    expect(await getAccount(infobase, 'C')).toMatchObject({
      bonus: trillion - 1 - taken,
      accumulation: trillion + 1 - third,
      rows: { bonus: { '2021-01-11': trillion - 1 - taken }, accumulation: { '2021-01-13': trillion + 1 - third } },
    });
    await passNightsTo(infobase, day('2021-01-11'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0, accumulation: trillion + 1 - third });
    const late = sale(2, '2021-01-10', {
      sumWithDiscountKopecks: 1,
      bonusRedeemedKopecks: trillion - 7 - taken,
      offline: true,
    });
    await upload(infobase, [late], moment('2021-01-11T11:00:00'));
    // The night would have taken six kopecks.
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0, accumulation: trillion + 2 - third });
    const taking = (await listBillingRows(infobase, 'C')).filter(({ origin }) => origin !== 'receipt');
    expect(taking.map(({ bonus }) => bonus)).toEqual([trillion - 1, -(trillion - 1 - taken), trillion - 7 - taken]);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('what would leave the register is refused, and says so', async () => {
    const infobase = await open();
    await addCard(infobase, { number: 'C' });
    const most = 999_999_999_999_999;
    const replies = [];
    for (let receiptNumber = 1; receiptNumber <= 10; receiptNumber += 1) {
      const huge = sale(receiptNumber, '2021-01-01', { sumWithDiscountKopecks: most });
      replies.push((await register(infobase, huge, moment('2021-01-01T11:00:00'))).code);
    }
    expect(replies).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 11]);
    expect((await showCard(infobase, 'C')).accumulation).toBe(9 * most);
  });
});

test('«Накопления» under billing is what stage online would hold', async () => {
  const given = sample();
  const billing = await tellAll(await open({ start: playStart, kinds }), given.flatMap(tellingsOf));
  const online = await openTestInfobase();
  infobases.push(online);
  for (const [code, { purpose = 'discount' }] of Object.entries(kinds)) await addRuledKind(online, code, { purpose });
  const trade = await tellAll(online, given.flatMap(tellingsOf), { stage: 'online' });
  // A document of billing by hand is not a document of trade; all others are.
  billing.forEach((outcome, index) => expect(outcome.trade).toEqual(trade[index]?.trade));
});

const change = (table: string, how: 'update' | 'delete' | 'replace') =>
  statement<Record<string, never>>((knex) => {
    if (how === 'delete') return knex(table).delete();
    if (how === 'update') return knex(table).update({ bonus: 1 });
    return knex.raw(`insert or replace into ${table} select * from ${table}`);
  });

describe.each(['billing_movement', 'accrual_movement', 'pending_movement'])('%s', (table) => {
  test.each(['update', 'delete', 'replace'] as const)('refuses every %s', async (how) => {
    const infobase = await open({ kinds: { K: { bonus: 'days:9 days:1', accumulation: 'days:9' } } });
    await addCard(infobase, { number: 'C', kindCode: 'K' });
    await register(infobase, sale(1, '2021-01-01', { bonusAccruedKopecks: 5 }), moment('2021-01-01'));
    const before = await getAccount(infobase, 'C');
    // The driver's error is of another realm in a worker's second file, so it is known by its words.
    const refused = { message: expect.stringContaining('append-only') };
    await expect(infobase.db.write((trx) => trx.change(change(table, how), {}))).rejects.toMatchObject(refused);
    expect(await getAccount(infobase, 'C')).toEqual(before);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });
});
