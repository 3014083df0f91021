// What a simulated till sends, as text, with what it changes if it is recorded. A call is written once and sent as often as
// the till likes: a repeat is the same bytes.
import { writeReceipt as writeShiftReceipt } from '../jobs/exchange/write-shift.ts';
import { formatRubles } from '../../src/ledger/money.ts';
import { noMeasures, subtractMeasures, type Measures } from '../../src/ledger/measures.ts';
import type { Receipt } from '../../src/ledger/receipt.ts';
import { buildReturn, buildSale } from '../operations/testing-infobase.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';

export type CallKind = 'Sale' | 'Return' | 'Cancel' | 'Reserve' | 'Upload' | 'Read';

export interface TillCall {
  readonly kind: CallKind;
  /** "K-01/17/Sale": the receipt's natural key; of a cancel, that of what it cancels. */
  readonly key: string;
  readonly body: string;
  readonly receipt?: Receipt;
  /** The sales of an upload. */
  readonly calls: readonly TillCall[];
  readonly cardNumber: string;
  /** What a receipt adds to the card. */
  readonly moves: Measures;
}

export function keyOf({ kkm, receiptNumber, kind }: Pick<Receipt, 'kkm' | 'receiptNumber' | 'kind'>): string {
  return `${kkm}/${receiptNumber}/${kind}`;
}

export function writeSale(fields: Partial<Receipt>): TillCall {
  const receipt = buildSale(fields);
  const { bonusAccruedKopecks, bonusRedeemedKopecks, sumWithDiscountKopecks } = receipt;
  const moves = {
    bonus: bonusAccruedKopecks - bonusRedeemedKopecks,
    accumulation: sumWithDiscountKopecks,
    receipts: 1,
  };
  return writeRegister(receipt, moves);
}

/** Of the whole sale. */
export function writeReturn(sale: TillCall, fields: Partial<Receipt>): TillCall {
  return writeRegister(buildReturn(receiptOf(sale), fields), subtractMeasures(noMeasures, sale.moves));
}

export function receiptOf({ key, receipt }: TillCall): Receipt {
  if (receipt === undefined) throw new Error(`${key} is not a receipt`);
  return receipt;
}

function writeRegister(receipt: Receipt, moves: Measures): TillCall {
  const { kind, cardNumber } = receipt;
  const body = wrap('RegisterReceipt', 'Receipt', writeReceipt(receipt));
  return { kind, key: keyOf(receipt), body, receipt, cardNumber, moves, calls: [] };
}

export function writeCancel(sale: TillCall): TillCall {
  const { kind, kkm, shiftNumber, receiptNumber, receiptAt, cardNumber } = receiptOf(sale);
  const fields = { Kind: kind, KKM: kkm, ShiftNumber: shiftNumber, ReceiptNumber: receiptNumber };
  const body = wrap('CancelReceipt', 'Cancel', writeFields({ ...fields, ReceiptDate: receiptAt }));
  return { kind: 'Cancel', key: sale.key, body, cardNumber, moves: noMeasures, calls: [] };
}

/** What the sale will redeem, set aside. */
export function writeReserve(sale: TillCall): TillCall {
  const { kkm, shiftNumber, receiptNumber, receiptAt, cardNumber, bonusRedeemedKopecks } = receiptOf(sale);
  const fields = { OperationId: `hold ${sale.key}`, KKM: kkm, ShiftNumber: shiftNumber, ReceiptNumber: receiptNumber };
  const own = { ReceiptDate: receiptAt, CardNumber: cardNumber, Amount: formatRubles(bonusRedeemedKopecks) };
  const body = wrap('ReserveBonus', 'Reserve', writeFields({ ...fields, ...own }));
  return { kind: 'Reserve', key: sale.key, body, cardNumber, moves: noMeasures, calls: [] };
}

export function writeUpload(kkm: string, calls: readonly TillCall[]): TillCall {
  const receipts = calls.map((call) => `<Receipt>${writeReceipt(receiptOf(call))}</Receipt>`).join('');
  const body = wrap('UploadReceipts', 'Upload', `<KKM>${kkm}</KKM>${receipts}`);
  return { kind: 'Upload', key: calls[0]?.key ?? '', body, cardNumber: '', moves: noMeasures, calls };
}

export function writeRead(kkm: string, cardNumber: string): TillCall {
  const body = wrap('GetCardInfo', 'Request', writeFields({ KKM: kkm, CardNumber: cardNumber }));
  return { kind: 'Read', key: '', body, cardNumber, moves: noMeasures, calls: [] };
}

function writeReceipt(receipt: Receipt): string {
  const { Original: original, ...fields } = writeShiftReceipt(receipt);
  const own = original === undefined ? '' : `<Original>${writeFields(original)}</Original>`;
  return writeFields(fields) + own;
}

function writeFields(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${String(value)}</${name}>`)
    .join('');
}

function wrap(operation: string, parameter: string, content: string): string {
  return (
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${operation} xmlns="${namespace}">` +
    `<${parameter}>${content}</${parameter}></${operation}></s:Body></s:Envelope>`
  );
}
