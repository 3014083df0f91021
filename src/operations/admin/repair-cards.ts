// Sets right the cards whose registers are not what their receipts, documents and nights make: the difference is posted by
// documents that everybody sees, each line with the reason. What a repair posts is not a fact: the next check finds nothing.
import {
  insertBillingDocument,
  postBillingLine,
  type BillingDocumentKind,
  type NewBillingDocument,
} from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import { findSealedMark } from '../../db/seals/seal.ts';
import { isNoEffect, measureNames, splitBySign, type BillingEffect, type MeasureName } from '../../ledger/account.ts';
import { formatForPeople, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { formatSum } from '../../ledger/money.ts';
import { describeResult, resultCodes } from '../../ledger/result.ts';
import type { Infobase } from '../infobase.ts';
import { measureTexts } from '../billing/measure-texts.ts';
import type { Refusal, Remedy } from '../refusal.ts';
import { nameDocument } from '../operation-reply.ts';
import { loadStanding } from '../standing.ts';
import { recordChange } from './record-change.ts';
import { verifyCards, type CardsCheck, type VerifyCardsOptions } from './verify-infobase.ts';

export type RepairEnd =
  | { readonly code: 'refused'; readonly why: string; readonly remedy?: Remedy }
  | {
      readonly code: 'done';
      /** What was found wrong, and is right now. */
      readonly check: CardsCheck;
      /** One of each kind at most, as people call them. */
      readonly documents: readonly string[];
    };

/** Tills and nights go on meanwhile; a repair that is killed has set right the cards it came to. */
export async function repairCards(
  infobase: Infobase,
  now: LocalDateTime,
  options: Omit<VerifyCardsOptions, 'mend'>,
): Promise<RepairEnd> {
  const refusal = await infobase.db.read((trx) => findObstacle(infobase, trx));
  if (refusal !== undefined) return { code: 'refused', ...refusal };
  const documents = new Map<BillingDocumentKind, number>();
  const mend = (trx: Trx, cardId: number, missing: BillingEffect) => {
    // The documents of a dry run are gone with the card's transaction.
    const own = options.isDryRun === true ? new Map<BillingDocumentKind, number>() : documents;
    return postMissing(trx, infobase, now, own, cardId, missing);
  };
  const check = await verifyCards(infobase, now, { ...options, mend });
  return { code: 'done', check, documents: [...documents].map(([kind, id]) => nameDocument(kind, id, now)) };
}

async function findObstacle(infobase: Infobase, trx: Trx): Promise<Pick<Refusal, 'why' | 'remedy'> | undefined> {
  const { gate, billing } = await loadStanding(trx, infobase);
  // Among documents that are being re-posted, or destroyed, nothing is right or wrong yet.
  if (gate === resultCodes.exclusiveMode) {
    return { why: 'billing is being switched on or off', remedy: 'look_at_billing' };
  }
  if (gate !== resultCodes.done) return { why: describeResult(gate) };
  if (billing !== undefined) return undefined;
  return { why: 'the infobase is not in stage billing: there is nothing to repair' };
}

const comment = 'Исправление: учёт карт пересчитан по чекам, документам и ночам';

async function postMissing(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  documents: Map<BillingDocumentKind, number>,
  cardId: number,
  missing: BillingEffect,
): Promise<void> {
  const reason = explain(missing);
  const [raising, lowering] = splitBySign(missing);
  for (const [kind, effect] of [
    ['Accrual', raising],
    ['WriteOff', lowering],
  ] as const) {
    if (isNoEffect(effect)) continue;
    const known = documents.get(kind);
    // A document that is sealed takes no more lines.
    const isOpen = known !== undefined && known > (await findSealedMark(trx, 'billing_document'));
    const id = isOpen ? known : await openDocument(trx, infobase, now, kind);
    await postBillingLine(trx, id, 1, cardId, effect, reason);
    documents.set(kind, id);
  }
}

async function openDocument(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  kind: BillingDocumentKind,
): Promise<number> {
  const id = await insertBillingDocument(trx, describeDocument(kind, now));
  await recordChange(trx, infobase, { subject: 'document', key: nameDocument(kind, id, now), after: { comment } });
  return id;
}

function describeDocument(kind: BillingDocumentKind, now: LocalDateTime): NewBillingDocument {
  const head = { kind, origin: 'compensation', effectiveOn: null, datedAt: now, recordedAt: now } as const;
  return { ...head, receiptId: null, documentId: null, comment };
}

/** "...: бонусы +100.00; бонусы до 01.09.2026 +100.00; бонусы к 05.09.2026 -5.00" */
function explain({ balance, rows, pending }: BillingEffect): string {
  const parts = [
    ...measureNames.filter((measure) => balance[measure] !== 0).map((measure) => show(measure, balance[measure])),
    ...rows.map(({ measure, writeOffOn, amount }) => show(measure, amount, ` до ${showDate(writeOffOn)}`)),
    ...pending.map(({ measure, creditOn, amount }) => show(measure, amount, ` к ${showDate(creditOn)}`)),
  ];
  return `${comment}: ${parts.join('; ')}`;
}

function show(measure: MeasureName, amount: number, when = ''): string {
  const figure = measure === 'receipts' ? String(amount) : formatSum(amount);
  return `${measureTexts[measure]}${when} ${amount > 0 ? '+' : ''}${figure}`;
}

function showDate(on: LocalDate): string {
  return formatForPeople(startOf(on)).slice(0, 10);
}
