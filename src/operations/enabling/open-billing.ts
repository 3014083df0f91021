// Opens billing over live history: stage, start, «Ввод начальных остатков» and the list of documents
// to re-post, in one transaction.
import { insertBillingDocument, hasBillingDocuments, removeEmptyDocument } from '../../db/billing/billing-register.ts';
import { clearBillingMarks } from '../../db/enabling/billing-removal.ts';
import { openBillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { beginEnablingPosting, listEnablingItems } from '../../db/enabling/enabling.ts';
import { listOpeningTermsOfKinds } from '../../db/catalogs/life-rule.ts';
import { addOpeningCorrection, listStraddlingSales, postOpeningLines } from '../../db/enabling/opening-balance.ts';
import { saveSetting } from '../../db/admin/setting.ts';
import { loadReceiptGroup } from '../../db/receipts/receipt-group.ts';
import { addDays, formatForPeople, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, noMeasures, type Measures } from '../../ledger/measures.ts';
import type { Settings } from '../../ledger/settings.ts';
import { settleGroup } from '../receipts/settle-group.ts';

/** @returns how many documents must be posted again, and how many cards have an opening balance. */
export async function openBilling(
  trx: Trx,
  settings: Settings,
  startOn: LocalDate,
  now: LocalDateTime,
): Promise<{ readonly documents: number; readonly cards: number }> {
  if (settings.stage !== 'online' || (await hasBillingDocuments(trx))) {
    throw new Error(`billing cannot be opened: the stage is ${settings.stage}, or documents of billing are there`);
  }
  // Marks of a billing that was closed before it had a document.
  await clearBillingMarks(trx);
  const dayBefore = addDays(startOn, -1);
  await openBillingState(trx, { startOn, lastNightOn: dayBefore });
  const opening = await postOpeningDocument(trx, settings, startOn, now);
  const documents = await listEnablingItems(trx, startOn);
  await beginEnablingPosting(trx, documents, opening.documentId);
  await saveSetting(trx, 'stage', 'billing');
  return { documents, cards: opening.cards };
}

/** «В последнем дне до указанной даты будет создан документ ввода остатков» (SEED); none if no card has a sum. */
async function postOpeningDocument(
  trx: Trx,
  settings: Settings,
  startOn: LocalDate,
  now: LocalDateTime,
): Promise<{ readonly documentId: number | null; readonly cards: number }> {
  const dayBefore = addDays(startOn, -1);
  const documentId = await insertBillingDocument(trx, {
    kind: 'OpeningBalance',
    origin: 'opening',
    effectiveOn: dayBefore,
    datedAt: `${dayBefore}T23:59:59` as LocalDateTime,
    recordedAt: now,
    receiptId: null,
    documentId: null,
    comment: `Включение биллинга с ${formatForPeople(startOf(startOn)).slice(0, 10)}`,
  });
  for (const [cardId, sums] of await findOpeningCorrections(trx, settings, startOn)) {
    await addOpeningCorrection(trx, cardId, sums);
  }
  const cards = await postOpeningLines(trx, documentId, startOn, await listOpeningTermsOfKinds(trx, startOn));
  if (cards > 0) return { documentId, cards };
  await removeEmptyDocument(trx, documentId);
  return { documentId: null, cards };
}

/**
 * «Накопления» has settled a group as a whole. If it has facts on both sides of the start, the opening is the settlement of
 * those before it alone; the result, by card, is what that adds to the movements of their documents.
 */
export async function findOpeningCorrections(
  trx: Trx,
  settings: Settings,
  startOn: LocalDate,
): Promise<ReadonlyMap<number, Measures>> {
  const corrections = new Map<number, Measures>();
  for (const key of await listStraddlingSales(trx, startOn)) {
    const mode = settings.returnFigures;
    const group = await loadReceiptGroup(trx, { kind: 'sale', key });
    for (const { cardId, move } of await settleGroup(trx, group, mode, startOn)) {
      corrections.set(cardId, addMeasures(corrections.get(cardId) ?? noMeasures, move));
    }
  }
  return corrections;
}
