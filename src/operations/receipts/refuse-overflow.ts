// Result 11 for a call that would take a card beyond the registers. The ledger and the registers throw if a sum is too big:
// that undoes the transaction, and the answer is made after it.
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { RegisterOverflow, type Measures } from '../../ledger/measures.ts';
import { maxKopecks, formatRubles } from '../../ledger/money.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type Trouble } from '../../ledger/result.ts';
import { receiptOperationId, refuse, type OperationReply } from '../operation-reply.ts';
import type { Standing } from '../standing.ts';

/** The answer of `work`, or the one that `answer` makes from the overflow that has undone it. */
export async function answeringOverflow<Reply>(
  work: Promise<Reply>,
  answer: (overflow: RegisterOverflow) => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work;
  } catch (reason) {
    if (reason instanceof RegisterOverflow) return answer(reason);
    throw reason;
  }
}

const greatest = formatRubles(maxKopecks).replace('.', ',');
const limits: Readonly<Record<keyof Measures, string>> = {
  bonus: `при котором бонусы карты не выйдут за ${greatest}`,
  accumulation: `при котором накопление карты не выйдет за ${greatest}`,
  receipts: `при котором количество чеков карты не выйдет за ${maxKopecks}`,
};

/** The receipt's own figure of the measure, if it has one: for bonus the accrual, otherwise the redemption. */
function findFieldAtFault(receipt: Receipt, measure: keyof Measures): keyof Receipt {
  if (measure === 'receipts') return 'receiptCountDelta';
  if (measure === 'accumulation' && receipt.accumulationDeltaKopecks !== null) return 'accumulationDeltaKopecks';
  if (measure === 'accumulation') return 'sumWithDiscountKopecks';
  const fields = ['bonusAccruedKopecks', 'bonusRedeemedKopecks'] as const;
  const inOrder = receipt.kind === 'Sale' ? fields : fields.toReversed();
  return inOrder.find((field) => receipt[field] > 0) ?? 'sumWithDiscountKopecks';
}

export function refuseOverflow(
  receipt: Receipt,
  operationId: string,
  card: CardReading | undefined,
  measure: keyof Measures,
): OperationReply {
  const trouble = { field: findFieldAtFault(receipt, measure), expected: `значение, ${limits[measure]}` };
  return refuse(resultCodes.badArgument, operationId, card, trouble);
}

/** The same for a receipt whose transaction has been undone: with the card as it is now. */
export async function refuseUndoneReceipt(
  trx: Trx,
  { settings }: Standing,
  now: LocalDateTime,
  receipt: Receipt,
  { measure }: RegisterOverflow,
): Promise<OperationReply> {
  const card = await findCardReading(trx, receipt.cardNumber, now, settings);
  return refuseOverflow(receipt, receiptOperationId(receipt), card, measure);
}

/** A cancel has no sum of its own: the field named is the number of its receipt. */
export function describeCancelOverflow({ measure }: RegisterOverflow): Trouble {
  return { field: 'receiptNumber', expected: `чек, отмена которого оставит карте значение, ${limits[measure]}` };
}
