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
import type { CommandName } from './binding/command-fields.ts';
import type { Answer } from './binding/write-transforms.ts';

/** Where and when a call happens. */
export interface Circumstances {
  readonly infobase: Infobase;
  /** The infobase's clock at the moment when the request had been read. */
  readonly now: LocalDateTime;
  readonly serviceVersion: string;
}

type Run = (at: Circumstances, request: Checked<never>) => Promise<object>;

/** What each command takes and answers stands in binding/command-fields.ts. */
const commands: Readonly<Record<CommandName, Run>> = {
  ping: (at) => ping(at.infobase),
  describeService: (at) => describeService(at.infobase, at.now, at.serviceVersion),
  readCard: (at, request) => readCard(at.infobase, at.now, request),
  reserveBonus: (at, request) => reserveBonus(at.infobase, at.now, request),
  releaseBonus: (at, request) => releaseBonus(at.infobase, at.now, request),
  registerReceipt: (at, request) => registerReceipt(at.infobase, at.now, request),
  cancelReceipt: (at, request) => cancelReceipt(at.infobase, at.now, request),
  uploadReceipts: (at, request) => uploadReceipts(at.infobase, at.now, request),
  listCardOperations: (at, request) => listCardOperations(at.infobase, request),
  getSyncPackage: (at, request) => getSyncPackage(at.infobase, at.now, request),
  confirmSyncPackage: (at, request) => confirmSyncPackage(at.infobase, at.now, request),
  getCertificateInfo: (at, request) => getCertificateInfo(at.infobase, request),
  sellCertificate: (at, request) => sellCertificate(at.infobase, at.now, request),
  redeemCertificate: (at, request) => redeemCertificate(at.infobase, at.now, request),
  cancelCertificate: (at, request) => cancelCertificate(at.infobase, at.now, request),
};

/** Runs a command by its name in the table. */
export function runCommand(
  name: CommandName,
  at: Circumstances,
  request: Checked<Readonly<Record<string, unknown>>>,
): Promise<Answer> {
  // The binding has checked at start that a transform of the right kind reads every field of the command.
  return commands[name](at, request as Checked<never>) as Promise<Answer>;
}
