// The calls that are measured, as one buffer each with holes: the load process writes digits into the holes, so that
// a request costs it no allocation and every variant reads the very same bytes.
import { addDays, type LocalDate } from '../src/ledger/local-date-time.ts';

export const callKinds = ['card', 'receipt'] as const;
export type CallKind = (typeof callKinds)[number];
/** The operations of a card are asked of the service alone. */
export type RequestKind = CallKind | 'latestTen' | 'oneDay';

export const namespace = 'http://www.kkm.solutions/KKMTransfer';
export const till = { name: 'bench till', password: 'bench password', kkm: 'K-01' } as const;
export const authorization = `Basic ${Buffer.from(`${till.name}:${till.password}`).toString('base64')}`;

/** The day of every call. */
export const measuredOn = '2026-11-22' as LocalDate;
/** The day whose operations are asked for. */
export const askedOn = addDays(measuredOn, -500);

/** The number of the n-th card (from 0): thirteen digits, like an EAN-13. */
export const firstCardNumber = 2_900_000_000_000;
/** Receipt numbers have as many digits as this one, and never fewer. */
export const firstReceiptNumber = 10_000_000;
const cardDigits = 13;
const receiptDigits = 8;
/** Tills name operations by random numbers: in order they would all go to the end of an index. */
const chanceDigits = 8;

export interface RequestTemplate {
  readonly bytes: Buffer;
  /** Writes a card number and, into a receipt, its number and operation id. */
  fill(cardNumber: number, receiptNumber: number): void;
}

const cardMark = '#'.repeat(cardDigits);
const receiptMark = '@'.repeat(receiptDigits);
const chanceMark = '%'.repeat(chanceDigits);

function wrap(operation: string, wrapper: string, content: string): string {
  return (
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\r\n\t<soap:Body>\r\n` +
    `\t\t<m:${operation} xmlns:m="${namespace}">\r\n` +
    `\t\t\t<m:${wrapper} xmlns:xs="http://www.w3.org/2001/XMLSchema"\r\n` +
    `\t\t\t\t\txmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\r\n${content}` +
    `\t\t\t</m:${wrapper}>\r\n\t\t</m:${operation}>\r\n\t</soap:Body>\r\n</soap:Envelope>`
  );
}

function elements(indent: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${indent}<m:${name}>${value}</m:${name}>\r\n`)
    .join('');
}

function writeCard(): string {
  const values = {
    KKM: till.kkm,
    CardNumber: cardMark,
    OperationDate: `${measuredOn}T10:11:12`,
    Shop: 'Магазин № 1',
    Cashier: 'Иванова А. П.',
  };
  return wrap('GetCardInfo', 'Request', elements('\t\t\t\t', values));
}

function writeLine(number: number): string {
  const values = {
    Number: String(number),
    Code: `46070012345${10 + number}`,
    Name: `Молоко «Луг» 3,2 % 930 мл, ${number}`,
    Quantity: '2',
    Price: '89.9',
    Sum: '170.81',
    Discount: '8.99',
  };
  return `\t\t\t\t<m:Line>\r\n${elements('\t\t\t\t\t', values)}\t\t\t\t</m:Line>\r\n`;
}

function writeReceipt(): string {
  const head = {
    OperationId: `${chanceMark}-0000-4000-8000-0000${receiptMark}`,
    Kind: 'Sale',
    KKM: till.kkm,
    ShiftNumber: '12',
    ReceiptNumber: receiptMark,
    ReceiptDate: `${measuredOn}T10:11:12`,
    CardNumber: cardMark,
    Sum: '1798',
    SumWithDiscount: '1708.1',
    BonusAccrued: '17.08',
    BonusRedeemed: '0',
    Offline: 'false',
    Cashier: 'Иванова А. П.',
  };
  const lines = Array.from({ length: 10 }, (_, index) => writeLine(index + 1)).join('');
  return wrap('RegisterReceipt', 'Receipt', elements('\t\t\t\t', head) + lines);
}

function writeOperations(period: Readonly<Record<string, string>>): string {
  return wrap('GetCardOperations', 'Request', elements('\t\t\t\t', { CardNumber: cardMark, ...period }));
}

const operations: Readonly<Record<RequestKind, { readonly name: string; readonly write: () => string }>> = {
  card: { name: 'GetCardInfo', write: writeCard },
  receipt: { name: 'RegisterReceipt', write: writeReceipt },
  latestTen: { name: 'GetCardOperations', write: () => writeOperations({ Limit: '10' }) },
  oneDay: {
    name: 'GetCardOperations',
    write: () => writeOperations({ From: `${askedOn}T00:00:00`, To: `${askedOn}T23:59:59` }),
  },
};

/** The envelope alone, for a card and a receipt number. */
export function writeEnvelope(kind: RequestKind, cardNumber: number, receiptNumber: number): string {
  const text = operations[kind].write();
  return text
    .replaceAll(cardMark, String(cardNumber))
    .replaceAll(receiptMark, String(receiptNumber))
    .replaceAll(chanceMark, String(scatter(receiptNumber)).padStart(chanceDigits, '0'));
}

/** A whole HTTP request for one connection. */
export function makeTemplate(kind: RequestKind, port: number, path: string): RequestTemplate {
  const { name, write } = operations[kind];
  const body = write();
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n` +
    `Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "${namespace}#KKMTransfer:${name}"\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const bytes = Buffer.from(head + body);
  const cardPlaces = findAll(bytes, cardMark);
  const receiptPlaces = findAll(bytes, receiptMark);
  const chancePlaces = findAll(bytes, chanceMark);
  return {
    bytes,
    fill(cardNumber, receiptNumber) {
      for (const place of cardPlaces) writeDigits(bytes, place, cardDigits, cardNumber);
      for (const place of receiptPlaces) writeDigits(bytes, place, receiptDigits, receiptNumber);
      for (const place of chancePlaces) writeDigits(bytes, place, chanceDigits, scatter(receiptNumber));
    },
  };
}

/** A number of as many digits that seems random, the same for every variant. */
function scatter(receiptNumber: number): number {
  const mixed = Math.imul(receiptNumber ^ (receiptNumber >>> 15), 0x2c1b_3c6d);
  return ((mixed ^ (mixed >>> 12)) >>> 0) % 10 ** chanceDigits;
}

function findAll(bytes: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) places.push(at);
  return places;
}

function writeDigits(bytes: Buffer, at: number, digits: number, value: number): void {
  let rest = value;
  for (let index = at + digits - 1; index >= at; index -= 1) {
    const next = Math.floor(rest / 10);
    bytes[index] = 0x30 + (rest - next * 10);
    rest = next;
  }
}
