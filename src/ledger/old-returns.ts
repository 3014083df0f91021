// Returns of sales that are older than billing (domain 7). What they take back lowers the card's opening row and the balance
// alike, as if it had never been in the opening; if that row has less, the rest is a debt without a row. What they give
// back pays such a debt first, and the rest is added to the row of the opening row's date.
import { measureNames, type BillingEffect, type MeasureName } from './account.ts';
import type { GivenBack, OldReturns } from './billed-group.ts';
import { comparePlaces, type FactPlace } from './fact-place.ts';
import type { LocalDate } from './local-date-time.ts';
import { addMeasures, noMeasures } from './measures.ts';

/** An effect at its place among the facts. */
export interface PlacedEffect {
  readonly place: FactPlace;
  readonly effect: BillingEffect;
}

/** What «Ввод начальных остатков» has posted to the card. */
export interface Opening extends PlacedEffect {
  readonly documentId: number;
}

/** The returns of one old sale; `places` has the places of the receipts of its group. */
export interface PlacedOldReturns extends OldReturns {
  readonly places: readonly FactPlace[];
}

/**
 * @param openings in the order of the facts.
 * @param first a place before all facts, for a card without an opening row.
 */
export function settleOldReturns(
  groups: readonly PlacedOldReturns[],
  openings: readonly Opening[],
  first: FactPlace,
): PlacedEffect[] {
  if (groups.length === 0) return [];
  const takenBack = groups.reduce((sum, group) => addMeasures(sum, group.takenBack), noMeasures);
  const lastOpeningId = Math.min(...groups.map(({ terms }) => terms.lastOpeningId));
  const effects: PlacedEffect[] = [];
  let debt = 0;
  let givenBackOn = earliest(groups.map(({ terms }) => terms.bonusOn));
  for (const measure of measureNames) {
    const row = findLatestRow(openings, lastOpeningId, measure);
    const ofRow = Math.min(takenBack[measure], row?.amount ?? 0);
    const writeOffOn = row?.writeOffOn ?? givenBackOn;
    if (measure === 'bonus') [debt, givenBackOn] = [takenBack.bonus - ofRow, writeOffOn];
    const effect = moveRow(measure, -takenBack[measure], -ofRow, writeOffOn);
    if (takenBack[measure] !== 0) effects.push({ place: row?.place ?? first, effect });
  }
  for (const { place, amount, newLifeOn } of listGivenBack(groups)) {
    const paid = Math.min(debt, amount);
    debt -= paid;
    effects.push({ place, effect: moveRow('bonus', amount, amount - paid, newLifeOn ?? givenBackOn) });
  }
  return effects;
}

function earliest(dates: readonly LocalDate[]): LocalDate {
  return dates.reduce((first, date) => (date < first ? date : first));
}

function moveRow(measure: MeasureName, amount: number, ofRow: number, writeOffOn: LocalDate): BillingEffect {
  const rows = ofRow === 0 ? [] : [{ measure, writeOffOn, amount: ofRow }];
  return { balance: { ...noMeasures, [measure]: amount }, rows, pending: [] };
}

interface OpeningRow {
  readonly writeOffOn: LocalDate;
  readonly amount: number;
  /** Place of the last document that has accrued to it. */
  readonly place: FactPlace;
}

/**
 * The row with the latest date among those that the openings up to that document have left on the card; an import may give
 * several. What a later document has taken back of it (the reversal of an import) cannot be taken again.
 */
function findLatestRow(
  openings: readonly Opening[],
  lastOpeningId: number,
  measure: MeasureName,
): OpeningRow | undefined {
  const rows = new Map<LocalDate, OpeningRow>();
  const takenLater = new Map<LocalDate, number>();
  for (const { documentId, place, effect } of openings) {
    for (const { measure: ofMeasure, writeOffOn, amount } of effect.rows) {
      if (ofMeasure !== measure) continue;
      if (documentId > lastOpeningId) {
        takenLater.set(writeOffOn, (takenLater.get(writeOffOn) ?? 0) + Math.min(0, amount));
        continue;
      }
      const before = rows.get(writeOffOn);
      const lastPlace = amount > 0 || before === undefined ? place : before.place;
      rows.set(writeOffOn, { writeOffOn, amount: (before?.amount ?? 0) + amount, place: lastPlace });
    }
  }
  const left = [...rows.values()].filter(({ amount }) => amount > 0);
  const latest = left.toSorted((a, b) => (a.writeOffOn < b.writeOffOn ? 1 : -1))[0];
  if (latest === undefined) return undefined;
  return { ...latest, amount: Math.max(0, latest.amount + (takenLater.get(latest.writeOffOn) ?? 0)) };
}

function listGivenBack(groups: readonly PlacedOldReturns[]): (GivenBack & { readonly place: FactPlace })[] {
  return groups
    .flatMap(({ givenBack, places }) =>
      givenBack.map((given) => ({ ...given, place: places[given.index] as FactPlace })),
    )
    .toSorted((a, b) => comparePlaces(a.place, b.place));
}
