// What a binding may say of each command: the fields it takes and the values it answers, each with its kind. A binding that
// gives a field something of another kind is refused at start, before a till finds it.
import { cardStatuses } from '../../ledger/card.ts';
import { certificateStates } from '../../ledger/certificate.ts';
import { receiptKinds } from '../../ledger/receipt.ts';
import { stages } from '../../ledger/settings.ts';
import { documentKinds } from '../../operations/billing/list-documents.ts';

/** The product's own words, by the kind of their values: a table of replies needs a word for each. */
export const ownWords = {
  receiptKind: receiptKinds,
  cardStatus: cardStatuses,
  certificateState: certificateStates,
  stage: stages,
  documentKind: documentKinds,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type WordKind = keyof typeof ownWords;

export function isWordKind(kind: string): kind is WordKind {
  return Object.hasOwn(ownWords, kind);
}

/** Kinds of values; "?" marks one that may be missing. */
export type ValueKind = 'text' | 'flag' | 'count' | 'money' | 'percent' | 'amount' | 'moment' | 'code' | WordKind;

export type FieldKind = ValueKind | `${ValueKind}?`;

/** A nested value: one, one or none, or a list; of a list that is checked item by item a wrong item spoils no other. */
export interface Nested {
  readonly nested: 'one?' | 'list' | 'list?' | 'checkedList';
  readonly fields: Fields;
}

export type Fields = Readonly<Record<string, FieldKind | Nested>>;

export interface CommandFields {
  readonly takes: Fields;
  readonly answers: Fields;
}

export function isNested(kind: FieldKind | Nested): kind is Nested {
  return typeof kind === 'object';
}

/** "money?" -> "money", and whether it may be missing. */
export function splitKind(kind: FieldKind): { readonly kind: ValueKind; readonly mayBeMissing: boolean } {
  const mayBeMissing = kind.endsWith('?');
  return { kind: (mayBeMissing ? kind.slice(0, -1) : kind) as ValueKind, mayBeMissing };
}

const receiptKey: Fields = { kkm: 'text', shiftNumber: 'count', receiptNumber: 'count', receiptAt: 'moment' };

const hold: Fields = { operationId: 'text?', ...receiptKey, cardNumber: 'text', amountKopecks: 'money' };

const certificate: Fields = { operationId: 'text?', ...receiptKey, certificateNumber: 'text', amountKopecks: 'money' };

const line: Fields = {
  number: 'count',
  code: 'text',
  name: 'text?',
  quantity: 'amount',
  price: 'amount',
  sumKopecks: 'money',
  discountKopecks: 'money',
};

const receipt: Fields = {
  operationId: 'text?',
  kind: 'receiptKind',
  ...receiptKey,
  cardNumber: 'text',
  sumKopecks: 'money',
  sumWithDiscountKopecks: 'money',
  bonusAccruedKopecks: 'money',
  bonusRedeemedKopecks: 'money',
  accumulationDeltaKopecks: 'money?',
  receiptCountDelta: 'count?',
  offline: 'flag',
  cashier: 'text?',
  fn: 'text?',
  fd: 'text?',
  fp: 'text?',
  original: { nested: 'one?', fields: receiptKey },
  lines: { nested: 'list?', fields: line },
};

const done: Fields = { code: 'code' };

const cardFigures: Fields = {
  bonusBalance: 'money',
  bonusAvailable: 'money',
  accumulation: 'money',
  receipts: 'count',
};

const messages: Fields = { cashierMessage: 'text?', receiptMessage: 'text?' };

const operationReply: Fields = {
  ...done,
  operationId: 'text',
  duplicate: 'flag',
  document: 'text?',
  ...cardFigures,
  ...messages,
};

const certificateReply: Fields = {
  ...done,
  operationId: 'text',
  duplicate: 'flag',
  certificateNumber: 'text',
  status: 'certificateState?',
  balance: 'money',
};

export const commandFields = {
  ping: { takes: {}, answers: { isAlive: 'flag' } },
  describeService: {
    takes: {},
    answers: {
      ...done,
      version: 'text',
      serverAt: 'moment',
      stage: 'stage',
      billingEnabled: 'flag',
      billingStartAt: 'moment?',
      hasSubscription: 'flag',
    },
  },
  readCard: {
    takes: {
      kkm: 'text',
      cardNumber: 'text',
      operationAt: 'moment?',
      requestId: 'text?',
      shop: 'text?',
      cashier: 'text?',
      inputMethod: 'text?',
    },
    answers: {
      ...done,
      cardNumber: 'text',
      kindName: 'text?',
      holder: 'text?',
      status: 'cardStatus?',
      ...cardFigures,
      bonusPending: 'money',
      discountPercentHundredths: 'percent',
      maxRedeemPercentHundredths: 'percent?',
      accrualPercentHundredths: 'percent?',
      expiringBonus: 'money',
      expiringAt: 'moment?',
      ...messages,
    },
  },
  reserveBonus: { takes: hold, answers: operationReply },
  releaseBonus: { takes: hold, answers: operationReply },
  registerReceipt: { takes: receipt, answers: operationReply },
  cancelReceipt: {
    takes: { operationId: 'text?', kind: 'receiptKind', ...receiptKey, cardNumber: 'text?', reason: 'text?' },
    answers: operationReply,
  },
  uploadReceipts: {
    takes: { kkm: 'text', receipts: { nested: 'checkedList', fields: receipt } },
    answers: {
      ...done,
      accepted: 'count',
      linked: 'count',
      rejected: 'count',
      results: { nested: 'list', fields: operationReply },
    },
  },
  listCardOperations: {
    takes: { cardNumber: 'text', from: 'moment?', to: 'moment?', limit: 'count?' },
    answers: {
      ...done,
      cardNumber: 'text',
      operations: {
        nested: 'list',
        fields: {
          datedAt: 'moment',
          document: 'text',
          documentKind: 'documentKind',
          kkm: 'text?',
          receiptNumber: 'count?',
          bonus: 'money',
          accumulation: 'money',
          receipts: 'count',
          writeOffAt: 'moment?',
          bonusAfter: 'money',
          comment: 'text?',
        },
      },
    },
  },
  getSyncPackage: {
    takes: { kkm: 'text', lastVersion: 'count?' },
    answers: {
      ...done,
      version: 'count',
      isFull: 'flag',
      cards: {
        nested: 'list',
        fields: { cardNumber: 'text', status: 'cardStatus', bonus: 'money', accumulation: 'money', receipts: 'count' },
      },
    },
  },
  confirmSyncPackage: { takes: { kkm: 'text', version: 'count' }, answers: done },
  getCertificateInfo: {
    takes: { kkm: 'text', certificateNumber: 'text' },
    answers: {
      ...done,
      certificateNumber: 'text',
      status: 'certificateState?',
      nominal: 'money',
      balance: 'money',
      validTo: 'moment?',
    },
  },
  sellCertificate: { takes: certificate, answers: certificateReply },
  redeemCertificate: { takes: certificate, answers: certificateReply },
  cancelCertificate: { takes: certificate, answers: certificateReply },
} as const satisfies Readonly<Record<string, CommandFields>>;

export type CommandName = keyof typeof commandFields;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandFields, name);
}
