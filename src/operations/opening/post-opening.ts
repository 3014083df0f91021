// Posts the staged rows of an opening balance file: new cards, one document, and the import with its totals.
import { insertBillingDocument } from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import { insertImportRun, type ImportRun } from '../../db/opening/import-run.ts';
import {
  areStagedCardsChanged,
  createStagedCards,
  postStagedAccumulation,
  postStagedBilling,
} from '../../db/opening/post-stage.ts';
import type { StageTotals } from '../../db/opening/import-stage.ts';
import { insertDocument } from '../../db/receipts/document.ts';
import { dateOf, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { nameDocument } from '../operation-reply.ts';
import { documentKinds, ImportRefused, loadGround, type Ground } from './opening-ground.ts';
import type { ImportOpeningRequest } from './opening-request.ts';

/** How people call the document. */
export function nameOpening({ kind, datedOn }: ImportOpeningRequest, documentId: number, now: LocalDateTime): string {
  return nameDocument(documentKinds[kind], documentId, momentOf(datedOn, now));
}

/** A document of today stands at its moment, one of an earlier date at its beginning. */
function momentOf(datedOn: LocalDate, now: LocalDateTime): LocalDateTime {
  return datedOn === dateOf(now) ? now : startOf(datedOn);
}

/** @throws ImportRefused where the ground has changed since the rows were judged. */
export async function postOpening(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  request: ImportOpeningRequest,
  ground: Ground,
  { totals, badRows }: { readonly totals: StageTotals; readonly badRows: number },
): Promise<{ readonly number: number; readonly documentId: number }> {
  const { kind, file, datedOn, madeBy } = request;
  const { lastNightOn } = await checkGround(trx, await loadGround(trx, infobase, now, request), ground);
  await createStagedCards(trx);
  const head = {
    datedAt: momentOf(datedOn, now),
    recordedAt: now,
    receiptId: null,
    comment: `Ввод остатков: ${file.name}`,
  };
  let ids: Pick<ImportRun, 'documentId' | 'billingDocumentId'>;
  if (lastNightOn === undefined) {
    const documentId = await insertDocument(trx, { ...head, kind: 'OpeningAccumulation', reply: null });
    await postStagedAccumulation(trx, documentId);
    ids = { documentId, billingDocumentId: null };
  } else {
    // Calculated after the nights that are done, whatever its date: what it brings in was counted after them.
    const opening = { kind: 'OpeningBalance', origin: 'opening', effectiveOn: lastNightOn, documentId: null } as const;
    const billingDocumentId = await insertBillingDocument(trx, { ...head, ...opening });
    await postStagedBilling(trx, billingDocumentId);
    ids = { documentId: null, billingDocumentId };
  }
  const number = await insertImportRun(trx, {
    kind,
    fileName: file.name,
    fileSha256: file.sha256,
    datedOn,
    recordedAt: now,
    ...ids,
    ...totals,
    badRows,
    reversesId: null,
    madeBy,
  });
  const documentId = ids.documentId ?? ids.billingDocumentId ?? 0;
  const document = nameOpening(request, documentId, now);
  const after = { document, fileName: file.name, rows: totals.rows, cards: totals.cards };
  await recordChange(trx, infobase, { subject: 'import', key: String(number), after });
  return { number, documentId };
}

/** @throws ImportRefused where the rows were judged by another ground than that of now. */
async function checkGround(trx: Trx, now: Ground, judged: Ground): Promise<Ground> {
  const areTermsSame = JSON.stringify([...now.terms]) === JSON.stringify([...judged.terms]);
  if (now.lastNightOn !== judged.lastNightOn || !areTermsSame) {
    const why = 'a night was run, or rules of life were changed, while the file was read: import it again';
    throw new ImportRefused(null, why);
  }
  if (await areStagedCardsChanged(trx)) {
    const why = 'cards of the file were made or given another kind while it was read: import it again';
    throw new ImportRefused(null, why);
  }
  if (JSON.stringify(now.openings) !== JSON.stringify(judged.openings)) {
    const why = 'other opening balances were imported or reversed while the file was read: import it again';
    throw new ImportRefused(null, why);
  }
  return now;
}
