// «Начисление на дисконтные карты» and «Списание с дисконтных карт» made by hand: facts by themselves, which are
// calculated together with late facts. All rows are posted as one document, or none.
import { createHash } from 'node:crypto';
import { insertBillingDocument, postBillingLine } from '../../db/billing/billing-register.ts';
import type { BillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findDocumentOfRows, insertDocumentFile } from '../../db/billing/document-file.ts';
import type { BillingEffect } from '../../ledger/account.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { describeResult, resultCodes } from '../../ledger/result.ts';
import { recordChange } from '../admin/record-change.ts';
import { findUnfinishedNight } from './find-unfinished-night.ts';
import type { Infobase } from '../infobase.ts';
import { nameDocument } from '../operation-reply.ts';
import { parseCardField } from '../cards/parse-card-field.ts';
import type { Refusal, Remedy } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { DocumentPlanner, effectOf, type CardPlan, type MakeDocumentRequest } from './plan-document.ts';
import type { DocumentRow, DocumentSort, RowMistake } from './read-document-sheet.ts';
import { loadStanding, type Standing } from '../standing.ts';

/** What the document does to one card. */
export interface DocumentLine {
  readonly cardNumber: string;
  readonly effect: BillingEffect;
  /** The balance after it; in a dry run, as it would be. */
  readonly after: Measures;
}

export type MakeDocumentOutcome =
  | {
      readonly ok: true;
      /** Its name as people know it; null in a dry run. */
      readonly document: string | null;
      readonly lines: readonly DocumentLine[];
    }
  | {
      readonly ok: false;
      /** The field of the request that is wrong; left out if no other request would be accepted either. */
      readonly field?: 'isForced' | 'comment';
      readonly remedy?: Remedy;
      /** Why the document as a whole is refused. */
      readonly why: string | null;
      /** Otherwise the mistakes of its rows, by line. */
      readonly mistakes: readonly RowMistake[];
    };

/** Rows of one document: its one transaction takes about 60 us a row, and a service waits 10 s for the database. */
export const documentLimit = 50_000;

export async function makeDocument(
  infobase: Infobase,
  now: LocalDateTime,
  request: MakeDocumentRequest,
  isDryRun = false,
): Promise<MakeDocumentOutcome> {
  if (request.rows.length === 0) return refuse('the document has no rows');
  if (request.rows.length > documentLimit) {
    return refuse(`the document has ${request.rows.length} rows; ${documentLimit} at most`);
  }
  const comment = parseCardField('note', request.comment ?? '', []);
  if (!comment.ok) return { ok: false, field: 'comment', why: `expected ${comment.expected}`, mistakes: [] };
  const make = async (trx: Trx): Promise<MakeDocumentOutcome> => {
    const standing = await loadStanding(trx, infobase);
    const obstacle = await findObstacle(trx, standing);
    if (obstacle !== undefined) return { ok: false, ...obstacle, mistakes: [] };
    if (standing.billing === undefined) {
      return refuse('the infobase is not in stage billing: these documents are for its registers only');
    }
    const repeat = await findRepeat(trx, request);
    if (repeat !== undefined) return { ok: false, field: 'isForced', why: repeat, mistakes: [] };
    const { settings, billing } = standing;
    const planner = new DocumentPlanner(trx, { now, settings, billing }, request);
    for (const row of request.rows) await planner.take(row);
    const { mistakes } = planner;
    if (mistakes.length > 0) return { ok: false, why: null, mistakes };
    const plans = [...planner.plans.values()];
    const posted = await post(trx, now, billing, request, plans);
    await recordChange(trx, infobase, {
      subject: 'document',
      key: posted.document ?? '',
      after: { comment: request.comment ?? undefined, fileName: request.fileName, cards: posted.lines.length },
    });
    return isDryRun ? { ...posted, document: null } : posted;
  };
  return writeOrRehearse(infobase, isDryRun, make);
}

function refuse(why: string): MakeDocumentOutcome {
  return { ok: false, why, mistakes: [] };
}

const kinds: Readonly<Record<DocumentSort, 'Accrual' | 'WriteOff'>> = { accrual: 'Accrual', 'write-off': 'WriteOff' };

/** The same rows, in any order and from any form of file, would accrue or take everything a second time. */
async function findRepeat(
  trx: Trx,
  { sort, rows, fileName, isForced }: MakeDocumentRequest,
): Promise<string | undefined> {
  if (fileName === undefined || isForced === true) return undefined;
  const before = await findDocumentOfRows(trx, kinds[sort], hashRows(rows));
  if (before === undefined) return undefined;
  return `the same rows have made ${nameDocument(kinds[sort], before.documentId, before.datedAt)} (${before.fileName})`;
}

function hashRows(rows: readonly DocumentRow[]): string {
  const texts = rows.map(({ cardNumber, sums, ruleCode, writeOffOn, creditOn, comment }) => {
    const { bonus, accumulation, receipts } = sums;
    return JSON.stringify([cardNumber, bonus, accumulation, receipts, ruleCode, writeOffOn, creditOn, comment]);
  });
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex');
}

async function findObstacle(
  trx: Trx,
  { billing, gate }: Standing,
): Promise<Pick<Refusal, 'why' | 'remedy'> | undefined> {
  if (gate === resultCodes.noSubscription) return { why: describeResult(gate) };
  // While documents are re-posted or destroyed, a document by hand would have no date of its own.
  if (gate === resultCodes.exclusiveMode) {
    return { why: 'billing is being switched on or off', remedy: 'look_at_billing' };
  }
  const unfinished = billing === undefined ? undefined : await findUnfinishedNight(trx);
  return unfinished === undefined ? undefined : { why: unfinished, remedy: 'run_nights' };
}

async function post(
  trx: Trx,
  now: LocalDateTime,
  billing: BillingState,
  { sort, rows, comment, fileName }: MakeDocumentRequest,
  plans: readonly CardPlan[],
): Promise<Extract<MakeDocumentOutcome, { ok: true }>> {
  const kind = kinds[sort];
  const documentId = await insertBillingDocument(trx, {
    kind,
    origin: 'manual',
    // Its own date, or the day before while the night of its date has not run yet, so that this night counts it.
    effectiveOn: billing.lastNightOn,
    datedAt: now,
    recordedAt: now,
    receiptId: null,
    documentId: null,
    comment,
  });
  if (fileName !== undefined) {
    await insertDocumentFile(trx, { billingDocumentId: documentId, fileName, rowsSha256: hashRows(rows) });
  }
  const lines: DocumentLine[] = [];
  for (const plan of plans) {
    const effect = effectOf(plan, `D${documentId}`);
    // A line's reason is shown instead of the document's comment, so it repeats the comment.
    const reasons = comment === null ? [...plan.reasons] : [comment, ...plan.reasons];
    const reason = plan.reasons.size === 0 ? null : reasons.join('; ');
    const after = await postBillingLine(trx, documentId, lines.length + 1, plan.cardId, effect, reason);
    lines.push({ cardNumber: plan.cardNumber, effect, after });
  }
  return { ok: true, document: nameDocument(kind, documentId, now), lines };
}
