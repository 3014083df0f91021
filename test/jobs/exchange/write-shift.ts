// A shift report as JSON, from receipts as the ledger has them.
import { formatRubles } from '../../../src/ledger/money.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';

export function writeShift(kkm: string, receipts: readonly Receipt[]): string {
  return JSON.stringify({ KKM: kkm, Receipt: receipts.map(writeReceipt) });
}

/** A receipt's fields by their names on the wire, in their order there. */
export interface WireReceipt {
  readonly [field: string]: unknown;
  readonly Original?: Readonly<Record<string, unknown>>;
}

export function writeReceipt(receipt: Receipt): WireReceipt {
  const { operationId, kind, kkm, shiftNumber, receiptNumber, receiptAt, cardNumber, offline, original } = receipt;
  return {
    ...(operationId === null ? {} : { OperationId: operationId }),
    Kind: kind,
    KKM: kkm,
    ShiftNumber: shiftNumber,
    ReceiptNumber: receiptNumber,
    ReceiptDate: receiptAt,
    CardNumber: cardNumber,
    Sum: formatRubles(receipt.sumKopecks),
    SumWithDiscount: formatRubles(receipt.sumWithDiscountKopecks),
    BonusAccrued: formatRubles(receipt.bonusAccruedKopecks),
    BonusRedeemed: formatRubles(receipt.bonusRedeemedKopecks),
    Offline: offline,
    ...(original === null
      ? {}
      : {
          Original: {
            KKM: original.kkm,
            ShiftNumber: original.shiftNumber,
            ReceiptNumber: original.receiptNumber,
            ReceiptDate: original.receiptAt,
          },
        }),
  };
}
