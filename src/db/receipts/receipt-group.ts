// A sale with the returns that name it, loaded once for all that is calculated from it. The sale may be unknown; a return
// that names no sale is a group of its own.
import { naturalKeyOf, type NaturalKey, type Receipt } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { probeReceipt } from './receipt-probe.ts';
import { getReceipt, listReturnsOf, type StoredReceipt } from './receipt.ts';

export type GroupKey =
  { readonly kind: 'sale'; readonly key: NaturalKey } | { readonly kind: 'lone_return'; readonly receiptId: number };

export interface ReceiptGroup {
  readonly key: GroupKey;
  /** Cancelled or not; undefined where it is not known. */
  readonly sale: StoredReceipt | undefined;
  /** A cancel may come before its sale: then nothing of the group counts. */
  readonly isSaleCancelled: boolean;
  /** Cancelled ones too, in the order they came. */
  readonly returns: readonly StoredReceipt[];
  /** A receipt that is being posted: nothing of it is posted yet, so there is nothing to look up. */
  readonly newReceiptId: number | undefined;
}

export function groupKeyOf(receipt: Receipt, receiptId: number): GroupKey {
  if (receipt.kind === 'Sale') return { kind: 'sale', key: naturalKeyOf(receipt, 'Sale') };
  if (receipt.original === null) return { kind: 'lone_return', receiptId };
  return { kind: 'sale', key: naturalKeyOf(receipt.original, 'Sale') };
}

/** Two keys of one group give one name. */
export function nameGroup(group: GroupKey): string {
  return group.kind === 'sale' ? JSON.stringify(group.key) : `lone ${group.receiptId}`;
}

/** @param known one of its receipts, where the caller has it: it is not read again. */
export async function loadReceiptGroup(trx: Trx, key: GroupKey, known?: StoredReceipt): Promise<ReceiptGroup> {
  const get = (id: number): StoredReceipt | Promise<StoredReceipt> => (id === known?.id ? known : getReceipt(trx, id));
  if (key.kind === 'lone_return') {
    const returns = [await get(key.receiptId)];
    return { key, sale: undefined, isSaleCancelled: false, returns, newReceiptId: undefined };
  }
  const traces = await probeReceipt(trx, null, key.key, null);
  return {
    key,
    sale: traces.byNaturalKey === undefined ? undefined : await get(traces.byNaturalKey),
    isSaleCancelled: traces.cancelId !== undefined,
    returns: traces.hasReturns ? await listReturnsOf(trx, key.key) : [],
    newReceiptId: undefined,
  };
}

/** The group of a receipt that has just been stored; its sale is not cancelled, or the receipt had been refused. */
export function groupWithNew(
  receipt: StoredReceipt,
  sale: StoredReceipt | undefined,
  returns: readonly StoredReceipt[],
): ReceiptGroup {
  const { id: newReceiptId } = receipt;
  return { key: groupKeyOf(receipt, newReceiptId), sale, isSaleCancelled: false, returns, newReceiptId };
}

/** The sale first, where it is known. */
export function listGroupReceipts({ sale, returns }: ReceiptGroup): readonly StoredReceipt[] {
  return sale === undefined ? returns : [sale, ...returns];
}
