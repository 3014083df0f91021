// What billing stores with a receipt: the date it is calculated at, and the terms that the rules gave then.
import type { OldSaleTerms, ReturnTerms, SaleTerms } from '../../ledger/billed-group.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

/** The date that a receipt is calculated at, and what was stored with it then: a later change of a rule touches none. */
export type BillingMark = { readonly effectiveOn: LocalDate } & (
  | { readonly sort: 'sale'; readonly terms: SaleTerms }
  | { readonly sort: 'return'; readonly terms: ReturnTerms }
  | { readonly sort: 'old_sale'; readonly terms: OldSaleTerms }
);

type MarkParameters = {
  id: number;
  effectiveOn: string;
  bonusCreditOn: string | null;
  bonusWriteOffOn: string | null;
  accumulationCreditOn: string | null;
  accumulationWriteOffOn: string | null;
  lastOpeningId: number | null;
};

const mark = statement<MarkParameters>((knex, p) =>
  knex('receipt').where('id', p.id).update({
    effective_on: p.effectiveOn,
    bonus_credit_on: p.bonusCreditOn,
    bonus_write_off_on: p.bonusWriteOffOn,
    accumulation_credit_on: p.accumulationCreditOn,
    accumulation_write_off_on: p.accumulationWriteOffOn,
    last_opening_id: p.lastOpeningId,
  }),
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

/** Stores how billing calculates a receipt. */
export async function markReceipt(trx: Trx, id: number, { effectiveOn, ...stored }: BillingMark): Promise<void> {
  const head = { id, effectiveOn, lastOpeningId: null };
  switch (stored.sort) {
    case 'sale': {
      const { bonus, accumulation } = stored.terms;
      await trx.change(mark, {
        ...head,
        bonusCreditOn: bonus.creditOn,
        bonusWriteOffOn: bonus.writeOffOn,
        accumulationCreditOn: accumulation.creditOn,
        accumulationWriteOffOn: accumulation.writeOffOn,
      });
      return;
    }
    case 'return': {
      const { hasNewLife, writeOffOn: bonusWriteOffOn } = stored.terms;
      // Bonus given back is credited at once: a credit date says no more than that it has a life of its own.
      const bonusCreditOn = hasNewLife ? effectiveOn : null;
      const none = { accumulationCreditOn: null, accumulationWriteOffOn: null };
      await trx.change(mark, { ...head, bonusCreditOn, bonusWriteOffOn, ...none });
      return;
    }
    case 'old_sale': {
      const { bonusOn: bonusWriteOffOn, accumulationOn: accumulationWriteOffOn, lastOpeningId } = stored.terms;
      const none = { bonusCreditOn: null, accumulationCreditOn: null };
      await trx.change(mark, { ...head, bonusWriteOffOn, accumulationWriteOffOn, lastOpeningId, ...none });
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
  return found?.sort === 'old_sale' ? found.terms : undefined;
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
    return { effectiveOn, sort: 'return', terms };
  }
  const [bonusOn, accumulationOn] = [bonusWriteOffOn as LocalDate, accumulationWriteOffOn as LocalDate];
  if (lastOpeningId !== null) {
    return { effectiveOn, sort: 'old_sale', terms: { lastOpeningId, bonusOn, accumulationOn } };
  }
  const bonus = { creditOn: bonusCreditOn as LocalDate, writeOffOn: bonusOn };
  const accumulation = { creditOn: row.accumulationCreditOn as LocalDate, writeOffOn: accumulationOn };
  return { effectiveOn, sort: 'sale', terms: { bonus, accumulation } };
}
