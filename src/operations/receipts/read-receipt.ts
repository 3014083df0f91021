// One receipt as an operator looks at it: its lines, the documents that it has made with what they moved, its cancel, the sale
// that it returns, and its returns.
import { listDocumentsOfReceipt, type ListedDocument } from '../../db/billing/document-list.ts';
import { beforeFirst, listDocumentLines, type DocumentLine } from '../../db/billing/document-lines.ts';
import type { Trx } from '../../db/db.ts';
import { getReceiptCancel } from '../../db/receipts/receipt-cancel.ts';
import { findReceipt, listReturnsOf, type ReceiptState, type StoredReceipt } from '../../db/receipts/receipt.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { naturalKeyOf, type ReceiptKey } from '../../ledger/receipt.ts';
import { documentRegisters, formatDocumentId, type DocumentRegister } from '../billing/document-id.ts';
import { showDocumentHead, type DocumentHead } from '../billing/list-documents.ts';
import type { Infobase } from '../infobase.ts';

export interface DocumentOfReceipt extends DocumentHead {
  /** One, or two where a correction moved the receipt to another card. */
  readonly lines: readonly DocumentLine[];
}

export interface ReceiptCancelled {
  readonly cancelledAt: LocalDateTime;
  readonly reason: string | null;
  /** The document that undid the receipt; null if nothing had to change. */
  readonly documentId: string | null;
}

export interface RelatedReceipt extends ReceiptKey {
  /** Null where it has not come. */
  readonly id: number | null;
  readonly state: ReceiptState | null;
}

export interface ReadReceipt {
  readonly receipt: StoredReceipt;
  /** The shop that the till stood in when it came. */
  readonly shopCode: string | null;
  /** In the order they were made; those of billing while it is on. */
  readonly documents: readonly DocumentOfReceipt[];
  readonly cancel: ReceiptCancelled | null;
  /** Of a return, the sale that it names. */
  readonly original: RelatedReceipt | null;
  /** Of a sale, the returns that name it. */
  readonly returns: readonly RelatedReceipt[];
}

/** A document of a receipt has a line of each card that the receipt was of. */
const linesLimit = 100;

/** Undefined if there is no such receipt. */
export function readReceipt(infobase: Infobase, id: number): Promise<ReadReceipt | undefined> {
  return infobase.db.read(async (trx) => {
    const receipt = await findReceipt(trx, id);
    if (receipt === undefined) return undefined;
    const key = naturalKeyOf(receipt, receipt.kind);
    const { original } = receipt;
    const { cancelId, originalId } = await probeReceipt(trx, null, key, original);
    const documents: DocumentOfReceipt[] = [];
    for (const register of documentRegisters) {
      for (const document of await listDocumentsOfReceipt(trx, register, id)) {
        documents.push(await readDocumentOf(trx, register, document));
      }
    }
    return {
      receipt,
      shopCode: documents[0]?.shopCode ?? null,
      documents,
      cancel: cancelId === undefined ? null : await readCancel(trx, cancelId),
      original: original === null ? null : await readOriginal(trx, original, originalId),
      returns: receipt.kind === 'Sale' ? (await listReturnsOf(trx, key)).map(relate) : [],
    };
  });
}

async function readDocumentOf(
  trx: Trx,
  register: DocumentRegister,
  document: ListedDocument,
): Promise<DocumentOfReceipt> {
  const lines = await listDocumentLines(trx, { register, id: document.id }, beforeFirst, linesLimit);
  return { ...showDocumentHead(register, document), lines };
}

async function readCancel(trx: Trx, cancelId: number): Promise<ReceiptCancelled> {
  const { cancelledAt, reason, documentId } = await getReceiptCancel(trx, cancelId);
  const document = documentId === null ? null : formatDocumentId({ register: 'accumulation', id: documentId });
  return { cancelledAt, reason, documentId: document };
}

async function readOriginal(trx: Trx, key: ReceiptKey, id: number | undefined): Promise<RelatedReceipt> {
  const sale = id === undefined ? undefined : await findReceipt(trx, id);
  return sale === undefined ? { ...key, id: null, state: null } : relate(sale);
}

function relate({ kkm, shiftNumber, receiptNumber, receiptAt, id, state }: StoredReceipt): RelatedReceipt {
  return { kkm, shiftNumber, receiptNumber, receiptAt, id, state };
}
