// UploadReceipts: a till that was offline brings its receipts, the report road. Partial success, in order.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { resultCodes, type ResultCode, type Trouble } from '../ledger/result.ts';
import type { Checked } from './command.ts';
import type { Infobase } from './infobase.ts';
import { refuse, type OperationReply } from './operation-reply.ts';
import { postReceipt } from './post-receipt.ts';
import { changeServed, loadStanding } from './standing.ts';

export interface ReceiptUpload {
  readonly kkm: string;
  readonly receipts: readonly Checked<Receipt>[];
}

export interface UploadReply {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly accepted: number;
  readonly linked: number;
  readonly rejected: number;
  readonly results: readonly OperationReply[];
}

/** A receipt dated before billing is taken note of all the same. */
const recordedCodes: readonly ResultCode[] = [resultCodes.done, resultCodes.beforeBilling];

/** Receipts posted in one turn of the commit queue: a long queue of one till must not keep the others waiting. */
const receiptsPerTurn = 100;

export async function uploadReceipts(
  infobase: Infobase,
  now: LocalDateTime,
  upload: Checked<ReceiptUpload>,
): Promise<UploadReply> {
  const { gate } = await infobase.db.read((trx) => loadStanding(trx, infobase));
  const nothing = { accepted: 0, linked: 0, rejected: 0, results: [] };
  if (gate !== resultCodes.done) return { code: gate, ...nothing };
  if (!upload.ok) return { code: resultCodes.badArgument, trouble: upload.trouble, ...nothing };
  const results: OperationReply[] = [];
  const { receipts } = upload.value;
  for (let from = 0; from < receipts.length; from += receiptsPerTurn) {
    const turn = receipts.slice(from, from + receiptsPerTurn);
    results.push(...(await postTurn(infobase, now, turn)));
  }
  const rejected = results.filter(({ code }) => !recordedCodes.includes(code)).length;
  const linked = results.filter((result) => result.duplicate).length;
  return { code: resultCodes.done, accepted: results.length - linked - rejected, linked, rejected, results };
}

const idOf = (receipt: Checked<Receipt>): string => (receipt.ok ? receipt.value : receipt.partial).operationId ?? '';

/** Exclusive mode may begin between two turns: what is left of the shift is told so, and comes again. */
function postTurn(
  infobase: Infobase,
  now: LocalDateTime,
  receipts: readonly Checked<Receipt>[],
): Promise<OperationReply[]> {
  return changeServed(
    infobase,
    (gate) => receipts.map((receipt) => refuse(gate, idOf(receipt))),
    async (trx, standing) => {
      const results: OperationReply[] = [];
      for (const receipt of receipts) {
        results.push(
          receipt.ok
            ? await postReceipt(trx, { ...standing, now, road: 'report' }, receipt.value)
            : refuse(resultCodes.badArgument, idOf(receipt), undefined, receipt.trouble),
        );
      }
      return results;
    },
  );
}
