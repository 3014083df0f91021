// What the commands, their fields and the values of their answers are called in contracts, in words of the word list. The
// first phrase is what the thing is. These are words of the trade, not names of one contract.
import type { CommandName } from '../binding/command-fields.ts';

export interface CommandWords {
  /** What operations for it are called. */
  readonly called: readonly string[];
  /** Meanings that its names may have or leave out. */
  readonly subject: readonly string[];
}

export const commandWords: Readonly<Record<CommandName, CommandWords>> = {
  ping: { called: ['ping', 'get ping'], subject: [] },
  describeService: {
    called: ['get service info', 'service info', 'get service status', 'get version', 'service version'],
    subject: ['service'],
  },
  readCard: {
    called: ['get card info', 'card info', 'get card', 'card', 'get card balance', 'card balance', 'get discount'],
    subject: ['card', 'discount'],
  },
  reserveBonus: {
    called: ['reserve bonus', 'reserve', 'reserve sum', 'get reserve'],
    subject: ['bonus', 'reserve', 'card', 'discount'],
  },
  releaseBonus: {
    called: [
      'release bonus',
      'release reserve bonus',
      'release reserve',
      'release',
      'cancel reserve',
      'cancel reserve bonus',
      'release pending',
    ],
    subject: ['bonus', 'reserve', 'card', 'discount'],
  },
  registerReceipt: {
    called: [
      'registration receipt',
      'till receipt',
      'registration sale',
      'receipt',
      'registration operation',
      'registration',
    ],
    subject: ['receipt', 'card', 'discount'],
  },
  cancelReceipt: {
    called: ['cancel receipt', 'void receipt', 'cancel sale', 'cancel operation'],
    subject: ['receipt', 'cancel', 'card', 'discount'],
  },
  uploadReceipts: {
    called: ['upload receipt', 'receipt package', 'upload shift', 'shift receipt'],
    subject: ['receipt', 'upload'],
  },
  listCardOperations: {
    called: [
      'get card operation',
      'card operation',
      'history card',
      'card history operation',
      'get history',
      'operation history',
    ],
    subject: ['card', 'operation', 'discount'],
  },
  getSyncPackage: {
    called: ['get sync package', 'get package', 'sync package', 'get sync', 'sync card', 'get delta', 'get card delta'],
    subject: ['sync', 'package', 'card'],
  },
  confirmSyncPackage: {
    called: [
      'confirm sync package',
      'confirm package',
      'confirm sync',
      'confirm delta',
      'accepted delta',
      'accepted package',
      'confirm',
    ],
    subject: ['sync', 'package', 'card'],
  },
  getCertificateInfo: {
    called: ['get certificate info', 'certificate info', 'get certificate', 'certificate', 'certificate balance'],
    subject: ['certificate'],
  },
  sellCertificate: {
    called: ['sale certificate', 'activate certificate'],
    subject: ['certificate', 'sale', 'operation'],
  },
  redeemCertificate: { called: ['redeem certificate'], subject: ['certificate', 'redeem', 'operation'] },
  cancelCertificate: {
    called: ['cancel certificate', 'cancel operation certificate', 'void certificate', 'refund certificate'],
    subject: ['certificate', 'cancel', 'operation'],
  },
};

export const fieldWords: Readonly<Record<string, readonly string[]>> = {
  kkm: ['till', 'till number', 'till code', 'till name', 'till id', 'node', 'node code'],
  cardNumber: ['card number', 'card code', 'discount card', 'card', 'card id'],
  certificateNumber: ['certificate number', 'certificate code', 'certificate', 'certificate id'],
  operationAt: ['operation date', 'date', 'moment', 'request date', 'receipt date'],
  requestId: ['request id', 'id', 'message id', 'request number'],
  shop: ['shop', 'shop code', 'shop name', 'shop number'],
  cashier: ['cashier', 'cashier name', 'cashier code'],
  inputMethod: ['input method', 'input kind', 'card input'],
  operationId: ['operation id', 'id', 'receipt id', 'operation number', 'request id'],
  shiftNumber: ['shift number', 'shift'],
  receiptNumber: ['receipt number', 'number', 'document number', 'receipt code', 'receipt'],
  receiptAt: [
    'receipt date',
    'date',
    'moment',
    'receipt moment',
    'operation date',
    'document date',
    'receipt time date',
  ],
  amountKopecks: ['sum', 'bonus sum', 'bonus', 'bonus count', 'redeem sum', 'payment sum', 'nominal'],
  kind: ['kind', 'receipt kind', 'operation kind', 'document kind', 'kind sale'],
  sumKopecks: ['sum', 'receipt sum', 'line sum', 'sum without discount', 'sum before discount', 'total'],
  sumWithDiscountKopecks: [
    'sum with discount',
    'total with discount',
    'sum after discount',
    'payment sum',
    'total payment',
    'total sum',
  ],
  bonusAccruedKopecks: ['bonus accrue', 'accrue', 'sum accrue', 'accrue bonus sum'],
  bonusRedeemedKopecks: ['bonus redeem', 'redeem', 'sum redeem', 'redeem bonus sum', 'bonus payment'],
  accumulationDeltaKopecks: ['accumulation delta', 'accumulation', 'delta sum', 'accumulation sum'],
  receiptCountDelta: ['receipt count delta', 'count delta', 'receipt count'],
  offline: ['offline', 'offline receipt', 'offline method', 'without ping'],
  fn: ['fn', 'fn number'],
  fd: ['fd', 'fd number'],
  fp: ['fp', 'fp document'],
  original: ['original', 'original receipt', 'sale receipt', 'receipt sale original', 'original document'],
  lines: ['line', 'receipt line', 'good', 'line good', 'receipt good'],
  number: ['number', 'line number', 'receipt line number'],
  code: ['code', 'good code', 'good', 'good id'],
  name: ['name', 'good name', 'good text'],
  quantity: ['count', 'good count'],
  price: ['price', 'good price'],
  discountKopecks: ['discount', 'discount sum', 'line discount'],
  reason: ['reason', 'cancel reason', 'comment'],
  receipts: ['receipt', 'receipt line', 'document'],
  from: ['from', 'date from', 'start', 'date start', 'start period', 'period from', 'from date period'],
  to: ['to', 'date to', 'end', 'date end', 'end period', 'period to', 'until'],
  limit: [
    'limit',
    'maximum count',
    'count',
    'count line',
    'count operation',
    'maximum line',
    'maximum line',
    'maximum',
  ],
  lastVersion: ['last version', 'version', 'last package number', 'package version', 'number package', 'last package'],
  version: ['version', 'package version', 'package number', 'number'],
};

export const answerWords: Readonly<Record<string, readonly string[]>> = {
  isAlive: ['result', 'ping', 'alive', 'done'],
  code: ['result code', 'code', 'error code', 'result', 'status code', 'error number', 'code operation'],
  version: ['version', 'service version', 'package version', 'package number'],
  serverAt: ['service time', 'service date', 'time', 'date', 'moment', 'service moment', 'own date'],
  stage: ['stage', 'service stage', 'billing stage', 'method'],
  billingEnabled: ['billing enabled', 'billing', 'bonus enabled'],
  billingStartAt: [
    'billing start date',
    'billing date',
    'start date',
    'billing start',
    'bonus with date',
    'bonus start date',
    'bonus from',
  ],
  hasSubscription: ['subscription', 'enabled subscription', 'full subscription'],
  cardNumber: ['card number', 'card code', 'card', 'number'],
  kindName: ['card kind', 'kind', 'kind name', 'card kind name'],
  holder: ['holder', 'holder name', 'card holder', 'name', 'surname'],
  status: ['status', 'card status', 'certificate status'],
  bonusBalance: ['bonus balance', 'balance', 'bonus', 'bonus sum', 'card balance'],
  bonusAvailable: ['bonus available', 'available', 'available sum', 'available redeem', 'bonus available redeem'],
  accumulation: ['accumulation sum', 'accumulation', 'accumulation balance', 'accumulation delta'],
  receipts: ['receipt count', 'receipt', 'count', 'sale count'],
  bonusPending: ['bonus pending', 'pending', 'pending sum'],
  discountPercentHundredths: ['discount percent', 'discount', 'percent'],
  maxRedeemPercentHundredths: [
    'maximum redeem percent',
    'maximum percent',
    'redeem percent',
    'maximum percent redeem bonus',
  ],
  accrualPercentHundredths: ['accrue percent', 'bonus percent', 'percent accrue bonus'],
  expiringBonus: ['expire bonus', 'expire sum', 'expire', 'expire bonus sum'],
  expiringAt: ['expire date', 'expire bonus date', 'redeem date'],
  cashierMessage: ['cashier message', 'cashier text', 'cashier'],
  receiptMessage: ['receipt message', 'receipt text', 'holder message'],
  operationId: ['operation id', 'id', 'operation number', 'operation code', 'receipt id'],
  duplicate: ['duplicate', 'duplicate operation', 'duplicate receipt'],
  document: ['document', 'document number', 'document name'],
  certificateNumber: ['certificate number', 'certificate code', 'certificate', 'number'],
  balance: ['balance', 'certificate balance', 'balance sum', 'sum balance certificate'],
  nominal: ['nominal', 'certificate nominal', 'certificate sum', 'nominal sum'],
  validTo: ['valid to', 'valid date', 'valid', 'expire date', 'valid end', 'date end'],
  accepted: ['accepted', 'accepted count', 'accepted receipt'],
  linked: ['linked', 'linked count', 'linked receipt'],
  rejected: ['rejected', 'rejected count', 'rejected receipt'],
  results: ['result', 'receipt result', 'result line', 'receipt', 'line'],
  operations: ['operation', 'card operation', 'operation line', 'history', 'line', 'document'],
  datedAt: ['date', 'operation date', 'moment', 'document date'],
  documentKind: ['document kind', 'kind', 'operation kind'],
  kkm: ['till', 'till number', 'till code'],
  receiptNumber: ['receipt number', 'number'],
  bonus: ['bonus sum', 'bonus', 'bonus balance', 'bonus delta', 'balance'],
  writeOffAt: ['redeem date', 'expire date', 'redeem date bonus'],
  bonusAfter: ['bonus after', 'balance after', 'bonus balance', 'bonus balance after'],
  comment: ['comment', 'reason', 'text'],
  isFull: ['full', 'full package', 'full sync'],
  cards: ['card', 'card line', 'card package', 'line'],
};

/** What an operation on a reserve may be called by besides. */
export const reserveIdWords: readonly string[] = ['reserve id', 'reserve number'];

/** What a result's code may be written as besides the number itself. */
export const resultTextWords: readonly string[] = [
  'result text',
  'message',
  'error text',
  'error message',
  'error comment',
  'result message',
  'text',
  'comment',
];
export const isDoneWords: readonly string[] = ['done', 'result', 'result done'];

/** Texts of a receipt are kept as they came, an empty one too: a later report of it is compared with them. */
export const exactTexts: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  registerReceipt: ['cashier', 'fn', 'fd', 'fp', 'code', 'name'],
  uploadReceipts: ['cashier', 'fn', 'fd', 'fp', 'code', 'name'],
  cancelReceipt: ['reason'],
};

/** What may stand for a field that the wire does not have. */
export const usualConstants: Readonly<Record<string, { readonly value: boolean | number; readonly why: string }>> = {
  offline: { value: false, why: 'the wire does not say so: every receipt counts as rung with a line' },
  discountKopecks: { value: 0, why: 'the wire has no discount of a line' },
};
