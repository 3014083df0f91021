// After a fact is stored: what the group it is of (a sale with its returns) should have moved, less what is posted.
// Whatever order facts come in, the sum of all such differences is the settlement of the facts known.
import type { Trx } from '../../db/db.ts';
import { listPosted } from '../../db/receipts/accumulation.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import { getReceipt, listReturnsOf, type StoredReceipt } from '../../db/receipts/receipt.ts';
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
import { naturalKeyOf, type NaturalKey, type Receipt } from '../../ledger/receipt.ts';
import { settleOrphanReturn, settleSale, type ReturnFigures } from '../../ledger/settlement.ts';

/** A sale with its returns, named by the sale's key whether it is known or not; or a return that names no sale. */
export type ReceiptGroup =
  { readonly sort: 'sale'; readonly key: NaturalKey } | { readonly sort: 'lone_return'; readonly receiptId: number };

export interface CardMove {
  readonly cardId: number;
  readonly move: Measures;
}

export function groupOf(receipt: Receipt, receiptId: number): ReceiptGroup {
  if (receipt.kind === 'Sale') return { sort: 'sale', key: naturalKeyOf(receipt, 'Sale') };
  if (receipt.original === null) return { sort: 'lone_return', receiptId };
  return { sort: 'sale', key: naturalKeyOf(receipt.original, 'Sale') };
}

export function isSameGroup(a: ReceiptGroup, b: ReceiptGroup): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What a group still owes. */
export interface Settlement {
  /** By card; cards that owe nothing are left out. */
  readonly moves: readonly CardMove[];
  /** A receipt of the group, the sale where it is known: only a document tied to one counts as posted for the group. */
  readonly receiptId: number | undefined;
}

export const nothingOwed: Settlement = { moves: [], receiptId: undefined };

/**
 * @param before counts only what is dated before that date, as the opening of billing does.
 * @throws RegisterOverflow where the sums of the group are beyond what is kept exactly.
 */
export async function settleGroup(
  trx: Trx,
  group: ReceiptGroup,
  mode: ReturnFigures,
  before?: LocalDate,
): Promise<Settlement> {
  const owed = new Map<number, Measures>();
  const add = (cardId: number, move: Measures): void => {
    const sum = addMeasures(owed.get(cardId) ?? noMeasures, move);
    const overflow = findOverflow(sum);
    if (overflow !== undefined) throw new RegisterOverflow(overflow);
    owed.set(cardId, sum);
  };
  const isCounted = ({ receiptAt }: Receipt): boolean => before === undefined || dateOf(receiptAt) < before;
  const { isSaleCancelled, ...loaded } = await loadGroup(trx, group);
  const sale = loaded.sale !== undefined && isCounted(loaded.sale) ? loaded.sale : undefined;
  const returns = loaded.returns.filter(isCounted);
  const live = returns.filter((part) => part.state === 'posted');
  if (!isSaleCancelled && sale !== undefined) add(sale.cardId, settleSale(sale, live, mode));
  if (!isSaleCancelled && sale === undefined) for (const part of live) add(part.cardId, settleOrphanReturn(part));
  const receipts = sale === undefined ? returns : [sale, ...returns];
  for (const receipt of receipts) {
    for (const { cardId, ...posted } of await listPosted(trx, receipt.id)) {
      add(cardId, subtractMeasures(noMeasures, posted));
    }
  }
  const moves = [...owed].map(([cardId, move]) => ({ cardId, move })).filter(({ move }) => !isNothing(move));
  return { moves, receiptId: receipts[0]?.id };
}

interface LoadedGroup {
  readonly sale: StoredReceipt | undefined;
  readonly isSaleCancelled: boolean;
  readonly returns: readonly StoredReceipt[];
}

async function loadGroup(trx: Trx, group: ReceiptGroup): Promise<LoadedGroup> {
  if (group.sort === 'lone_return') {
    return { sale: undefined, isSaleCancelled: false, returns: [await getReceipt(trx, group.receiptId)] };
  }
  const traces = await probeReceipt(trx, null, group.key, null);
  return {
    sale: traces.byNaturalKey === undefined ? undefined : await getReceipt(trx, traces.byNaturalKey),
    isSaleCancelled: traces.cancelId !== undefined,
    returns: traces.hasReturns ? await listReturnsOf(trx, group.key) : [],
  };
}
