// A card's account under billing, recalculated from all receipts and documents and the nights between: any order of arrival must
// end in this state.
import { addEffect, findNextBusyNight, openAccount, applyNight, type Account, type BillingEffect } from './account.ts';
import { noEffect, settleBilledGroup, type BilledReceipt, type BillingPolicy } from './billed-group.ts';
import { comparePlaces, type FactPlace } from './fact-place.ts';
import type { HeldAt } from './hold.ts';
import { addDays, type LocalDate } from './local-date-time.ts';
import type { Kopecks } from './money.ts';
import { settleOldReturns, type Opening, type PlacedEffect, type PlacedOldReturns } from './old-returns.ts';

/** Setting `restoreTerm`: whether bonus given back by a return has its original term or a new life. */
export const restoreTerms = ['original', 'new_life'] as const;
export type RestoreTerm = (typeof restoreTerms)[number];

/** A fact in the order of the trade. */
export interface BillingFact extends FactPlace {
  /** A receipt with its group's name, what a document moved by itself, or a hold that was active at the night after `on`. */
  readonly what:
    | { readonly kind: 'receipt'; readonly group: string; readonly billed: BilledReceipt }
    | {
        readonly kind: 'document';
        readonly effect: BillingEffect;
        /** The document of «Ввод начальных остатков», if it is one. */
        readonly openingId?: number;
      }
    | { readonly kind: 'hold'; readonly nightOn: LocalDate; readonly amount: Kopecks };
}

/** What the holds among the facts had set aside over the night of a date. */
export function heldByFacts(facts: readonly BillingFact[]): HeldAt {
  const held = new Map<LocalDate, Kopecks>();
  for (const { what } of facts) {
    if (what.kind === 'hold') held.set(what.nightOn, (held.get(what.nightOn) ?? 0) + what.amount);
  }
  return (on) => held.get(on) ?? 0;
}

/** What a calculation reports on its way: the facts' effects, and the nights that it has not skipped. */
export interface CalculationWatch {
  readonly onFact: (on: LocalDate, effect: BillingEffect) => void;
  readonly onNight: (on: LocalDate, night: ReturnType<typeof applyNight>) => void;
}

/**
 * The account after all facts and every night up to `lastNightOn`, nights before the day's trade. Cancelled receipts
 * are not facts. A night can take something only where a row runs out, a credit comes due or something happened since.
 */
export function calculateAccount(
  facts: readonly BillingFact[],
  firstNightOn: LocalDate,
  lastNightOn: LocalDate,
  policy: BillingPolicy,
  watch?: CalculationWatch,
): Account {
  const account = openAccount();
  const heldAt = heldByFacts(facts);
  let nextNightOn = firstNightOn;
  const runNightsTo = (on: LocalDate): void => {
    const last = on < lastNightOn ? on : lastNightOn;
    while (nextNightOn <= last) {
      const night = applyNight(account, nextNightOn, heldAt(nextNightOn));
      watch?.onNight(nextNightOn, night);
      nextNightOn = findNextBusyNight(account, nextNightOn);
    }
  };
  for (const { place, effect } of listEffects(facts, firstNightOn, policy)) {
    runNightsTo(place.on);
    addEffect(account, effect);
    watch?.onFact(place.on, effect);
    if (nextNightOn > addDays(place.on, 1)) nextNightOn = addDays(place.on, 1);
    if (nextNightOn < firstNightOn) nextNightOn = firstNightOn;
  }
  runNightsTo(lastNightOn);
  return account;
}

/** What the facts change, each at its place. */
function listEffects(facts: readonly BillingFact[], firstNightOn: LocalDate, policy: BillingPolicy): PlacedEffect[] {
  const groups = new Map<string, { readonly place: FactPlace; readonly billed: BilledReceipt }[]>();
  const openings: Opening[] = [];
  const effects: PlacedEffect[] = [];
  for (const { on, order, what } of facts.toSorted(comparePlaces)) {
    const place = { on, order };
    if (what.kind === 'receipt') {
      const group = groups.get(what.group);
      if (group === undefined) groups.set(what.group, [{ place, billed: what.billed }]);
      else group.push({ place, billed: what.billed });
      continue;
    }
    if (what.kind === 'hold') {
      effects.push({ place, effect: noEffect });
      continue;
    }
    const { effect, openingId } = what;
    effects.push({ place, effect });
    if (openingId !== undefined) openings.push({ place, effect, documentId: openingId });
  }
  const old: PlacedOldReturns[] = [];
  for (const group of groups.values()) {
    const moves = settleBilledGroup(
      group.map(({ billed }) => billed),
      policy,
    );
    const places = group.map(({ place }) => place);
    for (const [index, effect] of moves.effects.entries()) effects.push({ place: places[index] as FactPlace, effect });
    if (moves.old !== undefined) old.push({ ...moves.old, places });
  }
  const first = { on: addDays(firstNightOn, -1), order: '' };
  return [...effects, ...settleOldReturns(old, openings, first)].toSorted((a, b) => comparePlaces(a.place, b.place));
}
