// After a fact is stored: what its group (a sale with its returns) should have posted, less what is posted. In whatever order
// facts come, the sum of all such differences is the settlement of the facts known.
import type { Trx } from '../../db/db.ts';
import { listPosted } from '../../db/receipts/accumulation.ts';
import { listGroupReceipts, type ReceiptGroup } from '../../db/receipts/receipt-group.ts';
import { dateOf, type LocalDate } from '../../ledger/local-date-time.ts';
import {
  addMeasures,
  findOverflow,
  isNothing,
  noMeasures,
  RegisterOverflow,
  subtractMeasures,
  type Measures,
} from '../../ledger/measures.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { settleOrphanReturn, settleSale, type ReturnFigures } from '../../ledger/settlement.ts';

export interface CardMove {
  readonly cardId: number;
  readonly move: Measures;
}

/**
 * What a group still has to post, by card; cards without a difference are left out.
 * @param before counts only facts dated before that date, as the opening of billing does.
 * @throws RegisterOverflow if the sums of the group are beyond what is kept exactly.
 */
export async function settleGroup(
  trx: Trx,
  group: ReceiptGroup,
  mode: ReturnFigures,
  before?: LocalDate,
): Promise<readonly CardMove[]> {
  const owed = new Map<number, Measures>();
  const add = (cardId: number, move: Measures): void => {
    const sum = addMeasures(owed.get(cardId) ?? noMeasures, move);
    const overflow = findOverflow(sum);
    if (overflow !== undefined) throw new RegisterOverflow(overflow);
    owed.set(cardId, sum);
  };
  const isCounted = ({ receiptAt }: Receipt): boolean => before === undefined || dateOf(receiptAt) < before;
  const sale = group.sale !== undefined && isCounted(group.sale) ? group.sale : undefined;
  const live = group.returns.filter((part) => part.state === 'posted' && isCounted(part));
  if (!group.isSaleCancelled) {
    if (sale !== undefined) add(sale.cardId, settleSale(sale, live, mode));
    else for (const part of live) add(part.cardId, settleOrphanReturn(part));
  }
  for (const receipt of listGroupReceipts(group)) {
    if (receipt.id === group.newReceiptId || !isCounted(receipt)) continue;
    for (const { cardId, ...posted } of await listPosted(trx, receipt.id)) {
      add(cardId, subtractMeasures(noMeasures, posted));
    }
  }
  return [...owed].map(([cardId, move]) => ({ cardId, move })).filter(({ move }) => !isNothing(move));
}
