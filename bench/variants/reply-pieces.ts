// Replies as ready pieces round the values, octets as the service's own: taken from a reply that the service's own writer makes, so that the
// ceiling sends the same bytes.
import { join } from 'node:path';
import { loadContract } from '../../src/soap/contract/contract.ts';
import { toOctets } from '../../src/soap/contract/octets.ts';
import { packageRoot } from '../../src/paths.ts';

export interface Figures {
  readonly bonusBalance: string;
  readonly bonusAvailable: string;
  readonly accumulation: string;
  readonly receipts: string;
}

export type WriteCardReply = (cardNumber: string, holder: string, figures: Figures) => string;
export type WriteReceiptReply = (operationId: string, document: string, figures: Figures) => string;

// Unlike anything else in a reply.
const marks = ['7000001', '7000002', '7000003', '7000004', '7000005', '7000006'] as const;
const [bonusMark, availableMark, accumulationMark, receiptsMark, firstMark, secondMark] = marks;

const figureMarks = {
  BonusBalance: bonusMark,
  BonusAvailable: availableMark,
  AccumulationSum: accumulationMark,
  ReceiptCount: receiptsMark,
};

const cardMarks = {
  ResultCode: '0',
  ResultText: 'Выполнено.',
  CardNumber: firstMark,
  CardKind: 'Бонусная',
  Holder: secondMark,
  Status: 'active',
  ...figureMarks,
  BonusPending: '0',
  DiscountPercent: '3',
  MaxRedeemPercent: '30',
  AccrualPercent: '1',
  ExpiringBonus: '0',
  ExpiringDate: null,
  CashierMessage: null,
  ReceiptMessage: null,
};

const receiptMarks = {
  ResultCode: '0',
  ResultText: 'Выполнено.',
  OperationId: firstMark,
  Duplicate: 'false',
  Document: secondMark,
  ...figureMarks,
  CashierMessage: null,
  ReceiptMessage: null,
};

function compile(operation: string, tree: object): (first: string, second: string, figures: Figures) => string {
  const contract = loadContract(join(packageRoot, 'wsdl/default'));
  const text = contract.writeReply(operation, '1.1', { return: tree } as never, '\r\n');
  const pieces = text.split(new RegExp(`(${marks.join('|')})`));
  return (first, second, figures) => {
    let reply = '';
    for (const piece of pieces) {
      if (piece === bonusMark) reply += figures.bonusBalance;
      else if (piece === availableMark) reply += figures.bonusAvailable;
      else if (piece === accumulationMark) reply += figures.accumulation;
      else if (piece === receiptsMark) reply += figures.receipts;
      else if (piece === firstMark) reply += toOctets(first);
      else reply += piece === secondMark ? toOctets(second) : piece;
    }
    return reply;
  };
}

export function compileCardReply(): WriteCardReply {
  return compile('GetCardInfo', cardMarks);
}

export function compileReceiptReply(): WriteReceiptReply {
  return compile('RegisterReceipt', receiptMarks);
}
