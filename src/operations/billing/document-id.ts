// How a document of either register is named: by an id in addresses, and by its name and number for people.
import type { BillingHistoryRow } from '../../db/billing/billing-history.ts';
import { nameDocument } from '../operation-reply.ts';

export const documentRegisters = ['accumulation', 'billing'] as const;
/** «Накопления», whose documents are the trade documents, or the registers of billing. */
export type DocumentRegister = (typeof documentRegisters)[number];

export interface DocumentId {
  readonly register: DocumentRegister;
  /** Documents of each register are numbered on their own. */
  readonly id: number;
}

/** "billing-42" */
export function formatDocumentId({ register, id }: DocumentId): string {
  return `${register}-${id}`;
}

/** Undefined if it is not the id of a document. */
export function parseDocumentId(text: string): DocumentId | undefined {
  const [, register, digits = ''] = /^(accumulation|billing)-([1-9]\d{0,14})$/.exec(text) ?? [];
  return register === undefined ? undefined : { register: register as DocumentRegister, id: Number(digits) };
}

/** What a receipt made is called by its trade document, as the till was answered. */
export function nameBillingDocument(
  document: Pick<BillingHistoryRow, 'documentKind' | 'origin' | 'documentId' | 'billingDocumentId' | 'datedAt'>,
): string {
  const { documentKind, origin, documentId, billingDocumentId, datedAt } = document;
  const id = origin === 'receipt' && documentId !== null ? documentId : billingDocumentId;
  return nameDocument(documentKind, id, datedAt);
}
