// Which nights may be skipped, and what a card will lose next: every night run gives the same as only those that can
// change something, also where a credit comes due after its own write-off date.
import * as fc from 'fast-check';
import {
  addEffect,
  findNextBurn,
  measureNames,
  openAccount,
  applyNight,
  type Account,
  type BillingEffect,
} from '../../src/ledger/account.ts';
import { calculateAccount, type BillingFact } from '../../src/ledger/billing.ts';
import { addDays, daysBetween, type LocalDate } from '../../src/ledger/local-date-time.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';

const start = '2026-01-01' as LocalDate;
const policy = { returnFigures: 'till_or_proportion', restoreTerm: 'original' } as const;
const dayOf = (count: number): LocalDate => addDays(start, count);

/** A change of any kind; a credit may be due before or after its write-off date. */
const effect: fc.Arbitrary<{ readonly on: number; readonly effect: BillingEffect }> = fc
  .record({
    on: fc.nat(20),
    kind: fc.constantFrom('accrual', 'accrual', 'spending', 'pending', 'row'),
    measure: fc.constantFrom(...measureNames),
    amount: fc.integer({ min: 1, max: 300 }),
    credit: fc.integer({ min: 1, max: 12 }),
    writeOff: fc.integer({ min: 0, max: 25 }),
    source: fc.constantFrom('1', '2'),
  })
  .map(({ on, kind, measure, amount, credit, writeOff, source }) => {
    const balance = { bonus: 0, accumulation: 0, receipts: 0 };
    const writeOffOn = dayOf(on + writeOff);
    const row = { measure, writeOffOn, amount };
    if (kind === 'accrual')
      return { on, effect: { balance: { ...balance, [measure]: amount }, rows: [row], pending: [] } };
    if (kind === 'spending') {
      return { on, effect: { balance: { ...balance, [measure]: -amount }, rows: [], pending: [] } };
    }
    // A return may leave a row below zero where its sale's was never there.
    if (kind === 'row') return { on, effect: { balance, rows: [{ ...row, amount: -amount }], pending: [] } };
    return { on, effect: { balance, rows: [], pending: [{ source, creditOn: dayOf(on + credit), ...row }] } };
  });

/** By day, what the holds active at its night have set aside. */
const held = fc.dictionary(fc.nat(60).map(String), fc.integer({ min: 1, max: 400 }), { maxKeys: 5 });
type Held = Readonly<Record<string, number>>;

function liveThrough(
  facts: readonly { readonly on: number; readonly effect: BillingEffect }[],
  nights: number,
  set: Held,
): Account {
  const account = openAccount();
  for (let count = 0; count <= Math.max(nights, 20); count += 1) {
    if (count <= nights) applyNight(account, dayOf(count), set[count]);
    for (const fact of facts) if (fact.on === count) addEffect(account, fact.effect);
  }
  return account;
}

test('a credit that has run out before it comes burns the night after', () => {
  const account = openAccount();
  const credit = { source: '1', measure: 'bonus', creditOn: dayOf(10), writeOffOn: dayOf(5), amount: 100 } as const;
  addEffect(account, { balance: { bonus: 0, accumulation: 0, receipts: 0 }, rows: [], pending: [credit] });
  expect(findNextBurn(structuredClone(account), start)).toEqual({ on: dayOf(11), amount: 100 });
  const fact: BillingFact = {
    on: start,
    order: '',
    what: {
      kind: 'document',
      effect: { balance: { bonus: 0, accumulation: 0, receipts: 0 }, rows: [], pending: [credit] },
    },
  };
  expect(calculateAccount([fact], start, dayOf(10), policy).balance.bonus).toBe(100);
  expect(calculateAccount([fact], start, dayOf(11), policy).balance.bonus).toBe(0);
});

test('skipping nights that nothing can change gives what every night gives, whatever is credited or taken back', () => {
  fc.assert(
    fc.property(fc.array(effect, { maxLength: 10 }), fc.nat(50), held, (given, nights, set) => {
      const facts = given.map(({ on, effect: what }, index): BillingFact => {
        return { on: dayOf(on), order: String(index).padStart(3, '0'), what: { kind: 'document', effect: what } };
      });
      const holds = Object.entries(set).map(([day, amount]): BillingFact => {
        const nightOn = dayOf(Number(day));
        return { on: addDays(nightOn, -1), order: '', what: { kind: 'hold', nightOn, amount } };
      });
      const all = [...holds, ...facts];
      expectSame(calculateAccount(all, start, dayOf(nights), policy), liveThrough(given, nights, set));
    }),
    { numRuns: 1_700 * depth, seed: fileSeed },
  );
});

test('what a card will lose next is what the nights then take', () => {
  fc.assert(
    fc.property(fc.array(effect, { maxLength: 10 }), fc.integer({ min: 20, max: 30 }), held, (given, nights, set) => {
      const account = liveThrough(given, nights, set);
      const heldAt = (on: LocalDate): number => set[String(daysBetween(start, on))] ?? 0;
      const foretold = findNextBurn(structuredClone(account), dayOf(nights), heldAt);
      let taken: ReturnType<typeof findNextBurn>;
      for (let count = nights + 1; taken === undefined && count < 80; count += 1) {
        const bonus = applyNight(account, dayOf(count), set[count]).writeOffs.find(
          ({ measure }) => measure === 'bonus',
        );
        if (bonus !== undefined) taken = { on: dayOf(count), amount: bonus.amount };
      }
      expectSame(foretold, taken);
    }),
    { numRuns: 1_700 * depth, seed: fileSeed },
  );
});
