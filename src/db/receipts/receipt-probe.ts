// Everything the database knows of a receipt's keys, in one statement: five index look-ups take less time than two calls.
import type { NaturalKey, ReceiptKey } from '../../ledger/receipt.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ReceiptTraces {
  /** The receipt with this operation id, with any natural key. */
  readonly byOperationId: number | undefined;
  /** The receipt with this natural key. */
  readonly byNaturalKey: number | undefined;
  /** The cancel of this natural key; it may be a tombstone of a receipt that never came. */
  readonly cancelId: number | undefined;
  /** The sale that a return names. */
  readonly originalId: number | undefined;
  /** The cancel of the sale that a return names. */
  readonly originalCancelId: number | undefined;
  /** Whether returns that name this sale came before it. */
  readonly hasReturns: boolean;
}

type ProbeParameters = {
  operationId: string | null;
  kkm: string;
  shiftNumber: number;
  receiptNumber: number;
  receiptOn: string;
  kind: string;
  originalKkm: string | null;
  originalShiftNumber: number | null;
  originalReceiptNumber: number | null;
  originalReceiptOn: string | null;
};

const byKey = `kkm = ? and shift_number = ? and receipt_number = ? and receipt_on = ? and kind = ?`;
const byOriginal = `original_kkm = ? and original_shift_number = ? and original_receipt_number = ? and original_receipt_on = ?`;

const probe = statement<ProbeParameters, { trace: keyof ReceiptTraces; id: number }>((knex, p) => {
  const key = [p.kkm, p.shiftNumber, p.receiptNumber, p.receiptOn];
  const original = [p.originalKkm, p.originalShiftNumber, p.originalReceiptNumber, p.originalReceiptOn, 'Sale'];
  return knex.raw(
    `select 'byOperationId' as trace, id from receipt where operation_id = ?
     union all select 'byNaturalKey', id from receipt where ${byKey}
     union all select 'cancelId', id from receipt_cancel where ${byKey}
     union all select 'originalId', id from receipt where ${byKey}
     union all select 'originalCancelId', id from receipt_cancel where ${byKey}
     union all select 'hasReturns', max(id) from receipt where original_kkm is not null and ${byOriginal}`,
    [p.operationId, ...key, p.kind, ...key, p.kind, ...original, ...original, ...key],
  );
});

export async function probeReceipt(
  trx: Trx,
  operationId: string | null,
  key: NaturalKey,
  original: ReceiptKey | null,
): Promise<ReceiptTraces> {
  const traces: Partial<Record<keyof ReceiptTraces, number | null>> = {};
  const rows = await trx.list(probe, {
    operationId,
    ...key,
    originalKkm: original === null ? null : original.kkm,
    originalShiftNumber: original === null ? null : original.shiftNumber,
    originalReceiptNumber: original === null ? null : original.receiptNumber,
    originalReceiptOn: original === null ? null : dateOf(original.receiptAt),
  });
  for (const { trace, id } of rows) traces[trace] = id;
  return {
    byOperationId: traces.byOperationId ?? undefined,
    byNaturalKey: traces.byNaturalKey ?? undefined,
    cancelId: traces.cancelId ?? undefined,
    originalId: traces.originalId ?? undefined,
    originalCancelId: traces.originalCancelId ?? undefined,
    hasReturns: (traces.hasReturns ?? null) !== null,
  };
}
