// From a call on the wire to an operation and back: the one table of commands that binding.json may name.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { cancelReceipt } from '../operations/receipts/cancel-receipt.ts';
import { cancelCertificate, redeemCertificate, sellCertificate } from '../operations/certificates/certificates.ts';
import { getCertificateInfo } from '../operations/certificates/read-certificate.ts';
import type { Checked } from '../operations/checked.ts';
import { describeService, ping } from '../operations/admin/describe-service.ts';
import type { Infobase } from '../operations/infobase.ts';
import { listCardOperations } from '../operations/cards/list-card-operations.ts';
import { readCard } from '../operations/cards/read-card.ts';
import { registerReceipt } from '../operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../operations/receipts/reserve-bonus.ts';
import { confirmSyncPackage, getSyncPackage } from '../operations/sync/serve-sync.ts';
import { uploadReceipts } from '../operations/receipts/upload-receipts.ts';
import type { Answer } from './transforms.ts';

/** Where and when a call happens. */
export interface Circumstances {
  readonly infobase: Infobase;
  /** The infobase's clock at the moment when the request had been read. */
  readonly now: LocalDateTime;
  readonly serviceVersion: string;
}

export interface CommandEntry {
  readonly run: (at: Circumstances, request: Checked<never>) => Promise<object>;
  /** Fields that a binding must give this command; a binding that forgets one is refused at start. */
  readonly takes: readonly string[];
  /** The same for each item of a list. */
  readonly takesEach?: readonly [list: string, fields: readonly string[]];
}

const receiptKey = ['kkm', 'shiftNumber', 'receiptNumber', 'receiptAt'];
const certificate = ['operationId', ...receiptKey, 'certificateNumber', 'amountKopecks'];
const hold = ['operationId', ...receiptKey, 'cardNumber', 'amountKopecks'];
const receiptHead = ['operationId', 'kind', ...receiptKey, 'cardNumber', 'offline', 'cashier', 'fn', 'fd', 'fp'];
const receiptSums = ['sumKopecks', 'sumWithDiscountKopecks', 'bonusAccruedKopecks', 'bonusRedeemedKopecks'];
const receiptRest = ['accumulationDeltaKopecks', 'receiptCountDelta', 'original', 'lines'];
const receipt = [...receiptHead, ...receiptSums, ...receiptRest];

export const commands: Readonly<Record<string, CommandEntry>> = {
  ping: { run: (at) => ping(at.infobase), takes: [] },
  describeService: { run: (at) => describeService(at.infobase, at.now, at.serviceVersion), takes: [] },
  readCard: {
    run: (at, request) => readCard(at.infobase, at.now, request),
    takes: ['kkm', 'cardNumber', 'operationAt'],
  },
  reserveBonus: { run: (at, request) => reserveBonus(at.infobase, at.now, request), takes: hold },
  releaseBonus: { run: (at, request) => releaseBonus(at.infobase, at.now, request), takes: hold },
  registerReceipt: { run: (at, request) => registerReceipt(at.infobase, at.now, request), takes: receipt },
  cancelReceipt: {
    run: (at, request) => cancelReceipt(at.infobase, at.now, request),
    takes: ['operationId', 'kind', ...receiptKey, 'cardNumber', 'reason'],
  },
  uploadReceipts: {
    run: (at, request) => uploadReceipts(at.infobase, at.now, request),
    takes: ['kkm', 'receipts'],
    takesEach: ['receipts', receipt],
  },
  listCardOperations: {
    run: (at, request) => listCardOperations(at.infobase, request),
    takes: ['cardNumber', 'from', 'to', 'limit'],
  },
  getSyncPackage: {
    run: (at, request) => getSyncPackage(at.infobase, at.now, request),
    takes: ['kkm', 'lastVersion'],
  },
  confirmSyncPackage: {
    run: (at, request) => confirmSyncPackage(at.infobase, at.now, request),
    takes: ['kkm', 'version'],
  },
  getCertificateInfo: {
    run: (at, request) => getCertificateInfo(at.infobase, request),
    takes: ['kkm', 'certificateNumber'],
  },
  sellCertificate: { run: (at, request) => sellCertificate(at.infobase, at.now, request), takes: certificate },
  redeemCertificate: { run: (at, request) => redeemCertificate(at.infobase, at.now, request), takes: certificate },
  cancelCertificate: { run: (at, request) => cancelCertificate(at.infobase, at.now, request), takes: certificate },
};

/** Runs a command by its name in the table. */
export async function runCommand(
  name: string,
  at: Circumstances,
  request: Checked<Readonly<Record<string, unknown>>>,
): Promise<Answer> {
  const entry = commands[name];
  if (entry === undefined) throw new Error(`there is no command ${name}`);
  // binding.ts has checked at start that a transform of the right kind reads every field of the command.
  return (await entry.run(at, request as Checked<never>)) as Answer;
}
