// UploadReceipts: a till that was offline brings its receipts, the report road. Partial success, in order.
import type { Trx } from '../../db/db.ts';
import type { ReportSource } from '../../db/receipts/department-report.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { RegisterOverflow } from '../../ledger/measures.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundReceipt, boundTexts } from '../bound-texts.ts';
import type { Checked, Parts } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { isTaken, openReportBook } from './report-book.ts';
import { receiptOperationId, refuse, type OperationReply } from '../operation-reply.ts';
import { postReceipt } from './post-receipt.ts';
import { refuseUndoneReceipt } from './refuse-overflow.ts';
import { changeServed, loadStanding, type Standing } from '../standing.ts';

export interface ReceiptUpload {
  readonly kkm: string;
  readonly receipts: Parts<Checked<Receipt>>;
}

export interface UploadReply {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly accepted: number;
  readonly linked: number;
  readonly rejected: number;
  readonly results: readonly OperationReply[];
}

/** Receipts posted in one turn of the commit queue: a long queue of one till must not keep the others waiting. */
export const receiptsPerTurn = 50;

export async function uploadReceipts(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<ReceiptUpload>,
): Promise<UploadReply> {
  const upload = boundTexts(sent, ['kkm']);
  const { gate } = await infobase.db.read((trx) => loadStanding(trx, infobase));
  const nothing = { accepted: 0, linked: 0, rejected: 0, results: [] };
  if (gate !== resultCodes.done) return { code: gate, ...nothing };
  if (!upload.ok) return { code: resultCodes.badArgument, trouble: upload.trouble, ...nothing };
  const results: OperationReply[] = [];
  const { receipts } = upload.value;
  for (let from = 0; from < receipts.length; from += receiptsPerTurn) {
    const turn = receipts.slice(from, from + receiptsPerTurn);
    results.push(
      ...(await postSparing<Checked<Receipt>>(turn, (part, overflow) => postTurn(infobase, now, part, overflow))),
    );
  }
  return { code: resultCodes.done, ...countReplies(results), results };
}

const idOf = (receipt: Checked<Receipt>): string => receiptOperationId(receipt.ok ? receipt.value : receipt.partial);

/** Exclusive mode may begin between two turns: the rest of the shift is answered so, and comes again. */
function postTurn(
  infobase: Infobase,
  now: LocalDateTime,
  receipts: readonly Checked<Receipt>[],
  overflow: RegisterOverflow | undefined,
): Promise<readonly OperationReply[]> {
  return changeServed<readonly OperationReply[]>(
    infobase,
    (gate) => receipts.map((receipt) => refuse(gate, idOf(receipt))),
    (trx, standing) => postReported(trx, standing, now, 'upload', receipts, overflow),
  );
}

type Replies = readonly OperationReply[];

/**
 * Posts a turn of receipts. If one of them would be beyond a register, the turn is undone and its halves are posted one
 * after the other, and so on: only that receipt is refused, and the others keep their order.
 * @param post one transaction; it gets the overflow with the receipt that must be refused for it. If it returns
 *   anything but replies, the turn ends.
 */
export async function postSparing<Post, End extends { readonly code: string } = never>(
  receipts: readonly Post[],
  post: (part: readonly Post[], overflow?: RegisterOverflow) => Promise<Replies | End>,
): Promise<Replies | End> {
  try {
    return await post(receipts);
  } catch (reason) {
    if (!(reason instanceof RegisterOverflow)) throw reason;
    if (receipts.length === 1) return post(receipts, reason);
    const middle = Math.ceil(receipts.length / 2);
    const replies: OperationReply[] = [];
    for (const half of [receipts.slice(0, middle), receipts.slice(middle)]) {
      const answers = await postSparing(half, post);
      if ('code' in answers) return answers;
      replies.push(...answers);
    }
    return replies;
  }
}

/**
 * Posts receipts of the report road in order, each judged by itself, and records the entries of «Отчет отдела».
 * @param overflow given together with the one receipt that is refused for it.
 * @throws RegisterOverflow as `postReceipt` does.
 */
export async function postReported(
  trx: Trx,
  standing: Standing,
  now: LocalDateTime,
  source: ReportSource,
  receipts: readonly Checked<Receipt>[],
  overflow?: RegisterOverflow,
): Promise<OperationReply[]> {
  const results: OperationReply[] = [];
  const book = openReportBook(trx, source, now);
  for (const receipt of receipts.map(boundReceipt)) {
    if (receipt.ok) {
      const reply =
        overflow === undefined
          ? await postReceipt(trx, { ...standing, now, road: 'report' }, receipt.value)
          : await refuseUndoneReceipt(trx, standing, now, receipt.value, overflow);
      await book.note(receipt.value, reply.code);
      results.push(reply);
    } else results.push(refuse(resultCodes.badArgument, idOf(receipt), undefined, receipt.trouble));
  }
  return results;
}

export interface ReceiptCounts {
  readonly accepted: number;
  readonly linked: number;
  readonly rejected: number;
}

export function countReplies(results: readonly OperationReply[]): ReceiptCounts {
  const rejected = results.filter(({ code }) => !isTaken(code)).length;
  const linked = results.filter((result) => result.duplicate).length;
  return { accepted: results.length - linked - rejected, linked, rejected };
}
