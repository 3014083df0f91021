// How far a card's balances may be above what covers them. After the night of T none is (domain 7): B <= S(T). Until the
// next night, what a return gives back has no row, or a row that has run out; and a credit may come when its row has run out.
import { measureNames, sumCovered, type Account, type BillingEffect, type MeasureName } from './account.ts';
import type { BillingPolicy } from './billed-group.ts';
import { calculateAccount, type BillingFact } from './billing.ts';
import type { LocalDate } from './local-date-time.ts';

/** B - S(T), if it is above zero. */
export function findUncovered({ balance, rows }: Account, on: LocalDate): Record<MeasureName, number> {
  const above = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const measure of measureNames) above[measure] = Math.max(0, balance[measure] - sumCovered(rows[measure], on));
  return above;
}

/** What the night of `lastNightOn` has left uncovered, and what the facts have added since. */
export function findUncoveredByFacts(
  facts: readonly BillingFact[],
  firstNightOn: LocalDate,
  lastNightOn: LocalDate,
  policy: BillingPolicy,
): Record<MeasureName, number> {
  const before = facts.filter(({ on }) => on < lastNightOn);
  const above = findUncovered(calculateAccount(before, firstNightOn, lastNightOn, policy), lastNightOn);
  calculateAccount(facts, firstNightOn, lastNightOn, policy, {
    onFact: (on, effect) => {
      if (on < lastNightOn) return;
      for (const measure of measureNames) above[measure] += Math.max(0, findAddition(effect, measure, lastNightOn));
    },
    onNight: () => undefined,
  });
  return above;
}

/** What an effect adds to a balance beyond what it adds to the rows that cover it. */
function findAddition({ balance, rows }: BillingEffect, measure: MeasureName, on: LocalDate): number {
  const covering = rows.filter((row) => row.measure === measure && row.writeOffOn > on);
  return balance[measure] - covering.reduce((sum, { amount }) => sum + amount, 0);
}
