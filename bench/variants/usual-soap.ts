// What the two node-soap variants have in common: the objects that node-soap reads and writes for the two calls, made of
// rows as a programmer usually makes them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.ts';
import { authorization, till } from '../requests.ts';

export const wsdl = readFileSync(join(packageRoot, 'wsdl/default/KKMTransfer.wsdl'), 'utf8');
export const path = '/trade/ws/KKMTransfer.1cws';

export interface CardArguments {
  readonly Request: { readonly CardNumber: string };
}

interface LineArguments {
  readonly Number: number;
  readonly Code: string;
  readonly Name: string;
  readonly Quantity: number;
  readonly Price: number;
  readonly Sum: number;
  readonly Discount: number;
}

export interface ReceiptArguments {
  readonly Receipt: {
    readonly OperationId: string;
    readonly Kind: string;
    readonly KKM: string;
    readonly ShiftNumber: number;
    readonly ReceiptNumber: number;
    readonly ReceiptDate: Date;
    readonly CardNumber: string;
    readonly Sum: number;
    readonly SumWithDiscount: number;
    readonly BonusAccrued: number;
    readonly BonusRedeemed: number;
    readonly Offline: boolean;
    readonly Cashier: string;
    readonly Line: readonly LineArguments[];
  };
}

export interface CardRow {
  readonly id: number;
  readonly number: string;
  readonly holder: string | null;
  readonly status: string;
  readonly kindName: string;
  readonly discount: string;
  readonly maxRedeem: number | null;
  readonly accrual: number | null;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

export interface Balance {
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

/** The check that a basic-auth middleware does, without a user table. */
export function isTill(header: string | undefined): boolean {
  const text = Buffer.from((header ?? '').slice('Basic '.length), 'base64').toString();
  return text === `${till.name}:${till.password}` && header === authorization;
}

const toKopecks = (rubles: number): number => Math.round(rubles * 100);
const toText = (moment: Date): string => moment.toISOString().slice(0, 19);

/** The row of table `receipt`. */
export function toReceiptRow({ Receipt: receipt }: ReceiptArguments, cardId: number) {
  const receiptAt = toText(receipt.ReceiptDate);
  return {
    operation_id: receipt.OperationId,
    kind: receipt.Kind,
    kkm: receipt.KKM,
    shift_number: receipt.ShiftNumber,
    receipt_number: receipt.ReceiptNumber,
    receipt_on: receiptAt.slice(0, 10),
    receipt_at: receiptAt,
    card_id: cardId,
    sum: toKopecks(receipt.Sum),
    sum_with_discount: toKopecks(receipt.SumWithDiscount),
    bonus_accrued: toKopecks(receipt.BonusAccrued),
    bonus_redeemed: toKopecks(receipt.BonusRedeemed),
    offline: receipt.Offline ? 1 : 0,
    cashier: receipt.Cashier,
    lines: JSON.stringify(receipt.Line),
    road: 'online',
    state: 'posted',
    flags: '',
  };
}

export type ReceiptRow = ReturnType<typeof toReceiptRow>;

export function toMove(row: ReceiptRow): Balance {
  return { bonus: row.bonus_accrued - row.bonus_redeemed, accumulation: row.sum_with_discount, receipts: 1 };
}

export function storeReply(row: ReceiptRow, after: Balance): string {
  return JSON.stringify([row.operation_id, after.bonus, after.accumulation, after.receipts]);
}

function findDiscount(card: CardRow): number {
  const { steps } = JSON.parse(card.discount) as {
    readonly steps: readonly { accumulationKopecks: number; receipts: number; percentHundredths: number }[];
  };
  const reached = steps.filter(
    (step) => card.accumulation >= step.accumulationKopecks && card.receipts >= step.receipts,
  );
  return Math.max(0, ...reached.map((step) => step.percentHundredths));
}

const noCard = { ResultCode: 1, ResultText: 'Карта не найдена: проверьте номер карты.' };

export function describeCard(card: CardRow | undefined, held: number): object {
  if (card === undefined) return { return: noCard };
  return {
    return: {
      ResultCode: card.status === 'blocked' ? 2 : 0,
      ResultText: 'Выполнено.',
      CardNumber: card.number,
      CardKind: card.kindName,
      Holder: card.holder,
      Status: card.status,
      BonusBalance: card.bonus / 100,
      BonusAvailable: (card.bonus - held) / 100,
      BonusPending: 0,
      AccumulationSum: card.accumulation / 100,
      ReceiptCount: card.receipts,
      DiscountPercent: findDiscount(card) / 100,
      MaxRedeemPercent: (card.maxRedeem ?? 0) / 100,
      AccrualPercent: (card.accrual ?? 0) / 100,
      ExpiringBonus: 0,
    },
  };
}

export interface Posted {
  readonly operationId: string;
  readonly documentId: number;
  readonly at: string;
  readonly after: Balance;
}

export function describePosted(posted: Posted | undefined): object {
  if (posted === undefined) return { return: noCard };
  const { operationId, documentId, at, after } = posted;
  return {
    return: {
      ResultCode: 0,
      ResultText: 'Выполнено.',
      OperationId: operationId,
      Duplicate: false,
      Document: `Операция ККМ ${String(documentId).padStart(9, '0')} от ${at}`,
      BonusBalance: after.bonus / 100,
      BonusAvailable: after.bonus / 100,
      AccumulationSum: after.accumulation / 100,
      ReceiptCount: after.receipts,
    },
  };
}
