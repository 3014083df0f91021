// The receipt as a fact that a till reports, its two keys, and what makes two arrivals "the same fact" (domain 7).
import type { LocalDate, LocalDateTime } from './local-date-time.ts';
import { dateOf } from './local-date-time.ts';
import type { Kopecks } from './money.ts';

export const receiptKinds = ['Sale', 'Return'] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

/** A receipt as a till names it; the time of day of `receiptAt` is not a part of the key. */
export interface ReceiptKey {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptAt: LocalDateTime;
}

/** A line is kept as it came; quantity and price are decimal text, for they may have more digits than money. */
export interface ReceiptLine {
  readonly number: number;
  readonly code: string;
  readonly name: string | null;
  readonly quantity: string;
  readonly price: string;
  readonly sumKopecks: Kopecks;
  readonly discountKopecks: Kopecks;
}

export interface Receipt extends ReceiptKey {
  readonly operationId: string | null;
  readonly kind: ReceiptKind;
  readonly cardNumber: string;
  readonly sumKopecks: Kopecks;
  readonly sumWithDiscountKopecks: Kopecks;
  readonly bonusAccruedKopecks: Kopecks;
  readonly bonusRedeemedKopecks: Kopecks;
  /** The till's own figure for the accumulation sum; null = the sum with discount (sale) or a proportion (return). */
  readonly accumulationDeltaKopecks: Kopecks | null;
  /** The till's own figure for the receipt count; null = one for a sale, taken back when all is returned. */
  readonly receiptCountDelta: number | null;
  readonly offline: boolean;
  readonly cashier: string | null;
  readonly fn: string | null;
  readonly fd: string | null;
  readonly fp: string | null;
  readonly original: ReceiptKey | null;
  readonly lines: readonly ReceiptLine[];
  /**
   * Whether its card was a payment card when it came: then neither the accumulation sum nor the receipt count changes,
   * whatever figures the till sends. No till sends this field, and it is not compared.
   */
  readonly isPayment?: boolean;
}

/** The natural key: a till, a shift, a number, a business date and a kind identify one receipt for ever. */
export interface NaturalKey {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptOn: LocalDate;
  readonly kind: ReceiptKind;
}

export function naturalKeyOf(key: ReceiptKey, kind: ReceiptKind): NaturalKey {
  const { kkm, shiftNumber, receiptNumber, receiptAt } = key;
  return { kkm, shiftNumber, receiptNumber, receiptOn: dateOf(receiptAt), kind };
}

function isSameReceipt(a: ReceiptKey | null, b: ReceiptKey | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.kkm === b.kkm &&
    a.shiftNumber === b.shiftNumber &&
    a.receiptNumber === b.receiptNumber &&
    dateOf(a.receiptAt) === dateOf(b.receiptAt)
  );
}

function isSameLine(a: ReceiptLine, b: ReceiptLine): boolean {
  return (
    a.number === b.number &&
    a.code === b.code &&
    a.name === b.name &&
    a.quantity === b.quantity &&
    a.price === b.price &&
    a.sumKopecks === b.sumKopecks &&
    a.discountKopecks === b.discountKopecks
  );
}

/**
 * The fields in which a second arrival of the same receipt differs, the most important first.
 * Not compared (DECIDED, domain 7): the time of day, the cashier, fiscal signs, the road it came by (`offline`),
 * the operation id (the natural key decides), and lines if one of the arrivals has none.
 * A figure left out equals the figure the ledger would take in its place.
 */
function* differencesOf(known: Receipt, arrived: Receipt): Generator<keyof Receipt> {
  for (const field of ['kkm', 'shiftNumber', 'receiptNumber', 'kind', 'cardNumber'] as const) {
    if (known[field] !== arrived[field]) yield field;
  }
  if (dateOf(known.receiptAt) !== dateOf(arrived.receiptAt)) yield 'receiptAt';
  for (const field of [
    'sumKopecks',
    'sumWithDiscountKopecks',
    'bonusAccruedKopecks',
    'bonusRedeemedKopecks',
  ] as const) {
    if (known[field] !== arrived[field]) yield field;
  }
  if (effectiveAccumulation(known) !== effectiveAccumulation(arrived)) yield 'accumulationDeltaKopecks';
  if (effectiveCount(known) !== effectiveCount(arrived)) yield 'receiptCountDelta';
  // Only a return has an original; in a sale the field means nothing.
  if (known.kind === 'Return' && !isSameReceipt(known.original, arrived.original)) yield 'original';
  if (known.lines.length === 0 || arrived.lines.length === 0) return;
  const isSameLength = known.lines.length === arrived.lines.length;
  if (!isSameLength || !known.lines.every((line, index) => isSameLine(line, arrived.lines[index] as ReceiptLine))) {
    yield 'lines';
  }
}

/** The first field in which a second arrival of the same receipt differs, or undefined. */
export function findDifference(known: Receipt, arrived: Receipt): keyof Receipt | undefined {
  for (const field of differencesOf(known, arrived)) return field;
  return undefined;
}

/** Every such field. A sale's accumulation sum follows its sum with discount, and both are named. */
export function listDifferences(known: Receipt, arrived: Receipt): (keyof Receipt)[] {
  return [...differencesOf(known, arrived)];
}

function effectiveAccumulation({ kind, accumulationDeltaKopecks, sumWithDiscountKopecks }: Receipt): Kopecks | null {
  return kind === 'Sale' ? (accumulationDeltaKopecks ?? sumWithDiscountKopecks) : accumulationDeltaKopecks;
}

function effectiveCount({ kind, receiptCountDelta }: Receipt): number | null {
  return kind === 'Sale' ? (receiptCountDelta ?? 1) : receiptCountDelta;
}

/** What a sale adds to the accumulation sum: the till's own figure wins if it sends one (SEED: the till computes). */
export function saleAccumulation(sale: Receipt): Kopecks {
  return sale.isPayment === true ? 0 : (sale.accumulationDeltaKopecks ?? sale.sumWithDiscountKopecks);
}

export function saleCount(sale: Receipt): number {
  return sale.isPayment === true ? 0 : (sale.receiptCountDelta ?? 1);
}

const peoplesNames: Partial<Record<keyof Receipt, string>> = {
  cardNumber: 'карта',
  sumKopecks: 'сумма',
  sumWithDiscountKopecks: 'сумма со скидкой',
  bonusAccruedKopecks: 'начислено бонусов',
  bonusRedeemedKopecks: 'списано бонусов',
  accumulationDeltaKopecks: 'сумма накопления',
  receiptCountDelta: 'количество чеков',
  original: 'исходный чек',
  lines: 'строки',
};

/** A field that two arrivals differ in, as a document's comment calls it. */
export function nameForPeople(field: keyof Receipt): string {
  return peoplesNames[field] ?? field;
}
