// What a sealed unit is called: documents by their names, receipts by their keys, all else by its table and key.
import type { BillingDocumentKind } from '../../db/billing/billing-register.ts';
import { rowMark, valueMark } from '../../db/seals/unit-text.ts';
import type { DocumentKind } from '../../db/receipts/document.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { nameDocument } from '../operation-reply.ts';
import type { UnitKey } from './unit-part.ts';

/** @param text the unit as it is now; null where it is gone. */
export function nameUnit(source: string, key: UnitKey, text: string | null): string {
  const own = readColumns(text);
  const plain = `${source} ${key}`;
  if (own === undefined) return plain;
  if (source === 'document' || source === 'billing_document') {
    const [kind, datedAt] = own;
    try {
      return `${nameDocument(kind as DocumentKind | BillingDocumentKind, Number(key), datedAt as LocalDateTime)} (${plain})`;
    } catch {
      // Changed so that it has no name.
      return plain;
    }
  }
  if (source !== 'receipt') return plain;
  const [, , kkm, shift, number, receiptOn] = own;
  return `${plain}: касса ${kkm}, смена ${shift}, чек ${number}, ${receiptOn}`;
}

/** Its own columns stand first. */
export function readColumns(text: string | null): string[] | undefined {
  return text?.split(rowMark, 1)[0]?.split(valueMark);
}
