// The till of `kkm demo`: node-soap's client with the receipts it rings up, and the answers in plain words.
import { BasicAuthSecurity, createClientAsync, type Client } from 'soap';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';

/** What goes over the wire, by element. */
export type Tree = Readonly<Record<string, unknown>>;

export interface Till {
  /** What the clock of its infobase stands at. */
  readonly now: () => LocalDateTime;
  /** 1, then 2: of the receipts it rings up. */
  readonly nextNumber: () => number;
  readonly call: (operation: string, about: Tree) => Promise<Tree>;
}

export interface TillOptions {
  readonly address: string;
  readonly name: string;
  readonly password: string;
  readonly now: () => LocalDateTime;
}

const asText = (text: string): string => text;

export async function openTill({ address, name, password, now }: TillOptions): Promise<Till> {
  const client: Client = await createClientAsync(`${address}?wsdl`, {
    wsdl_headers: { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
    // The client would turn sums into floats and dates into the host's zone.
    customDeserializer: { decimal: asText, integer: asText, dateTime: asText },
  });
  client.setSecurity(new BasicAuthSecurity(name, password));
  let number = 0;
  return {
    now,
    nextNumber: () => (number += 1),
    async call(operation, about) {
      const method = client[`${operation}Async`] as (request: Tree) => Promise<[{ readonly return: Tree }]>;
      const [answer] = await method.call(client, about);
      return answer.return;
    },
  };
}

/** An element's text; '' where the answer has none. */
export function textOf(answer: Tree, element: string): string {
  const value = answer[element];
  return typeof value === 'string' ? value : '';
}

/** A sale of the next number, unless `rest` says otherwise. */
export function receiptOf(till: Till, kkm: string, cardNumber: string, rest: Tree): Tree {
  const key = { KKM: kkm, ShiftNumber: 1, ReceiptNumber: till.nextNumber(), ReceiptDate: till.now() };
  const sums = { BonusAccrued: '0', BonusRedeemed: '0', Offline: false };
  const {
    Kind = 'Sale',
    Sum,
    SumWithDiscount,
    Original,
    ReceiptDate,
    ...more
  } = { ...sums, ...rest } as Record<string, unknown>;
  const { BonusAccrued, BonusRedeemed, Offline } = more;
  // node-soap writes the elements in the order of the keys, and the schema is a sequence.
  const figures = { Sum, SumWithDiscount: SumWithDiscount ?? Sum, BonusAccrued, BonusRedeemed, Offline };
  const at = ReceiptDate === undefined ? {} : { ReceiptDate };
  const original = Original === undefined ? {} : { Original };
  return { Kind, ...key, ...at, CardNumber: cardNumber, ...figures, ...original };
}

/** What names a receipt: of its return, its cancel, its reserve. */
export function keyOf(receipt: Tree): Tree {
  const { KKM, ShiftNumber, ReceiptNumber, ReceiptDate } = receipt;
  return { KKM, ShiftNumber, ReceiptNumber, ReceiptDate };
}

export function signed(text: string): string {
  return text === '0' || text.startsWith('-') ? text : `+${text}`;
}

export function describeAnswer(answer: Tree): string {
  const parts = [`ответ ${textOf(answer, 'ResultCode')}: ${textOf(answer, 'ResultText')}`];
  if (answer.Duplicate === true) parts.push('повтор, ничего не сдвинуто');
  if (answer.Accepted !== undefined) {
    parts.push(`принято ${textOf(answer, 'Accepted')}, связано с прежними ${textOf(answer, 'Linked')}`);
  }
  if (answer.BonusBalance !== undefined) {
    parts.push(`бонусы ${textOf(answer, 'BonusBalance')} (свободно ${textOf(answer, 'BonusAvailable')})`);
    const pending = textOf(answer, 'BonusPending');
    if (pending !== '' && pending !== '0') parts.push(`ждут начисления ${pending}`);
    const burning = textOf(answer, 'ExpiringBonus');
    if (burning !== '' && burning !== '0') {
      parts.push(`${showDate(textOf(answer, 'ExpiringDate'))} сгорит ${burning}`);
    }
    parts.push(`накопление ${textOf(answer, 'AccumulationSum')}, чеков ${textOf(answer, 'ReceiptCount')}`);
  }
  if (answer.DiscountPercent !== undefined) parts.push(`скидка ${textOf(answer, 'DiscountPercent')} %`);
  return parts.join('; ');
}

/** The operations of an answer: none, one or several, as node-soap reads them. */
export function listOperations(answer: Tree): readonly Tree[] {
  const { Operation } = answer;
  if (Operation === undefined || Operation === null) return [];
  return Array.isArray(Operation) ? (Operation as readonly Tree[]) : [Operation as Tree];
}

/** A line of a card's history, and why. */
export function describeOperation(operation: Tree): string[] {
  const sums = `бонусы ${signed(textOf(operation, 'Bonus'))}, накопление ${signed(textOf(operation, 'Accumulation'))}`;
  const comment = textOf(operation, 'Comment');
  const writeOffDate = textOf(operation, 'WriteOffDate');
  const term = writeOffDate === '' || isNever(writeOffDate) ? '' : `, срок до ${showDate(writeOffDate)}`;
  return [
    `${textOf(operation, 'Document')}: ${sums}, чеки ${signed(textOf(operation, 'Receipts'))}`,
    `  бонусов стало ${textOf(operation, 'BonusAfter')}${term}${comment === '' ? '' : ` (${comment})`}`,
  ];
}

/** "2026-11-22T00:00:00" -> "22.11.2026". */
export function showDate(moment: string): string {
  return `${moment.slice(8, 10)}.${moment.slice(5, 7)}.${moment.slice(0, 4)}`;
}

function isNever(moment: string): boolean {
  return moment.startsWith('3999');
}
