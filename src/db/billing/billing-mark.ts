// What billing stores with a receipt: the date it is calculated at, and the terms that the rules gave then.
import type { OldSaleTerms, ReturnTerms, SaleTerms } from '../../ledger/billed-group.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

/** The date that a receipt is calculated at, and what was stored with it then: a later change of a rule affects neither. */
export type BillingMark = { readonly effectiveOn: LocalDate } & (
  | { readonly kind: 'sale'; readonly terms: SaleTerms }
  | { readonly kind: 'return'; readonly terms: ReturnTerms }
  | { readonly kind: 'old_sale'; readonly terms: OldSaleTerms }
);

export type MarkParameters = {
  effectiveOn: string;
  bonusCreditOn: string | null;
  bonusWriteOffOn: string | null;
  accumulationCreditOn: string | null;
  accumulationWriteOffOn: string | null;
  lastOpeningId: number | null;
};

/** The columns of a receipt that keep its mark, by their parameters. */
export function markValues(p: Readonly<Record<keyof MarkParameters, string>>): Record<string, string> {
  return {
    effective_on: p.effectiveOn,
    bonus_credit_on: p.bonusCreditOn,
    bonus_write_off_on: p.bonusWriteOffOn,
    accumulation_credit_on: p.accumulationCreditOn,
    accumulation_write_off_on: p.accumulationWriteOffOn,
    last_opening_id: p.lastOpeningId,
  };
}

const mark = statement<MarkParameters & { id: number }>((knex, p) =>
  knex('receipt').where('id', p.id).update(markValues(p)),
);

interface MarkRow {
  readonly kind: ReceiptKind;
  readonly effectiveOn: LocalDate | null;
  readonly bonusCreditOn: LocalDate | null;
  readonly bonusWriteOffOn: LocalDate | null;
  readonly accumulationCreditOn: LocalDate | null;
  readonly accumulationWriteOffOn: LocalDate | null;
  readonly lastOpeningId: number | null;
}

const markColumns = {
  kind: 'kind',
  effectiveOn: 'effective_on',
  bonusCreditOn: 'bonus_credit_on',
  bonusWriteOffOn: 'bonus_write_off_on',
  accumulationCreditOn: 'accumulation_credit_on',
  accumulationWriteOffOn: 'accumulation_write_off_on',
  lastOpeningId: 'last_opening_id',
};

const markOf = statement<{ id: number }, MarkRow>((knex, p) => knex('receipt').select(markColumns).where('id', p.id));

const marksOfCard = statement<{ cardId: number }, MarkRow & { id: number }>((knex, p) =>
  knex('receipt')
    .select({ id: 'id', ...markColumns })
    .where('card_id', p.cardId)
    .whereNotNull('effective_on'),
);

const oldSaleOfCard = statement<{ cardId: number }, MarkRow>((knex, p) =>
  knex('receipt')
    .select(markColumns)
    .where('card_id', p.cardId)
    .whereNotNull('effective_on')
    .whereNotNull('last_opening_id')
    .orderBy('id')
    .limit(1, written),
);

const lastOpening = statement<{ cardId: number }, { id: number }>((knex, p) =>
  knex('billing_movement')
    .join('billing_document', 'billing_document.id', 'billing_movement.document_id')
    .where('billing_movement.card_id', p.cardId)
    .where('billing_document.origin', 'opening')
    .orderBy('billing_movement.document_id', 'desc')
    .select({ id: 'billing_document.id' })
    .limit(1, written),
);

/** Stores how billing calculates a receipt that exists already. */
export async function markReceipt(trx: Trx, id: number, stored: BillingMark): Promise<void> {
  await trx.change(mark, { id, ...toMarkParameters(stored) });
}

export function toMarkParameters({ effectiveOn, ...stored }: BillingMark): MarkParameters {
  const none = { effectiveOn, accumulationCreditOn: null, accumulationWriteOffOn: null, lastOpeningId: null };
  switch (stored.kind) {
    case 'sale': {
      const { bonus, accumulation } = stored.terms;
      return {
        effectiveOn,
        bonusCreditOn: bonus.creditOn,
        bonusWriteOffOn: bonus.writeOffOn,
        accumulationCreditOn: accumulation.creditOn,
        accumulationWriteOffOn: accumulation.writeOffOn,
        lastOpeningId: null,
      };
    }
    case 'return': {
      const { hasNewLife, writeOffOn: bonusWriteOffOn } = stored.terms;
      // Bonus given back is credited at once: a credit date only shows that it has a life of its own.
      return { ...none, bonusCreditOn: hasNewLife ? effectiveOn : null, bonusWriteOffOn };
    }
    case 'old_sale': {
      const { bonusOn: bonusWriteOffOn, accumulationOn: accumulationWriteOffOn, lastOpeningId } = stored.terms;
      return { ...none, bonusCreditOn: null, bonusWriteOffOn, accumulationWriteOffOn, lastOpeningId };
    }
  }
}

/** Undefined for a receipt that is not in billing, or not yet. */
export async function findMark(trx: Trx, id: number): Promise<BillingMark | undefined> {
  const row = await trx.first(markOf, { id });
  return row === undefined ? undefined : toMark(row);
}

/** The marks of a card's receipts, by receipt. */
export async function listMarks(trx: Trx, cardId: number): Promise<ReadonlyMap<number, BillingMark>> {
  const marks = new Map<number, BillingMark>();
  for (const { id, ...row } of await trx.list(marksOfCard, { cardId })) {
    const found = toMark(row);
    if (found !== undefined) marks.set(id, found);
  }
  return marks;
}

/** The terms of the card's old sales, which are the same for all of them; undefined before a return has named one. */
export async function findOldSaleTerms(trx: Trx, cardId: number): Promise<OldSaleTerms | undefined> {
  const row = await trx.first(oldSaleOfCard, { cardId });
  const found = row === undefined ? undefined : toMark(row);
  return found?.kind === 'old_sale' ? found.terms : undefined;
}

/** The latest opening document that has a line of the card; 0 where there is none. */
export async function findLastOpening(trx: Trx, cardId: number): Promise<number> {
  return (await trx.first(lastOpening, { cardId }))?.id ?? 0;
}

function toMark(row: MarkRow): BillingMark | undefined {
  const { kind, effectiveOn, bonusCreditOn, bonusWriteOffOn, accumulationWriteOffOn, lastOpeningId } = row;
  if (effectiveOn === null) return undefined;
  if (kind === 'Return') {
    const terms = { hasNewLife: bonusCreditOn !== null, writeOffOn: bonusWriteOffOn };
    return { effectiveOn, kind: 'return', terms };
  }
  const [bonusOn, accumulationOn] = [bonusWriteOffOn as LocalDate, accumulationWriteOffOn as LocalDate];
  if (lastOpeningId !== null) {
    return { effectiveOn, kind: 'old_sale', terms: { lastOpeningId, bonusOn, accumulationOn } };
  }
  const bonus = { creditOn: bonusCreditOn as LocalDate, writeOffOn: bonusOn };
  const accumulation = { creditOn: row.accumulationCreditOn as LocalDate, writeOffOn: accumulationOn };
  return { effectiveOn, kind: 'sale', terms: { bonus, accumulation } };
}
