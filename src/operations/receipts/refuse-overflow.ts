// Result 11 for what would take a card beyond the registers. The ledger and the registers throw where a sum leaves them: that
// undoes the transaction, and the answer is made after it.
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { RegisterOverflow, type Measures } from '../../ledger/measures.ts';
import { maxKopecks, formatRubles } from '../../ledger/money.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type Trouble } from '../../ledger/result.ts';
import { receiptOperationId, refuse, type OperationReply } from '../operation-reply.ts';
import type { Standing } from '../standing.ts';

/** What `work` answers, or what `answer` makes of the overflow that has undone it. */
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

/** The receipt's own figure of the measure, where it has one: of bonus the one that adds, else the one that takes. */
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

/** The same for a receipt whose transaction has been undone: the card as it stands. */
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

/** A cancel has no sum of its own: the receipt that it names is at fault. */
export function describeCancelOverflow({ measure }: RegisterOverflow): Trouble {
  return { field: 'receiptNumber', expected: `чек, отмена которого оставит карте значение, ${limits[measure]}` };
}
