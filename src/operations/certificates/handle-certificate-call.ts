// A call about a certificate: it is known by its operation id and by its receipt and number, and its repeat is answered word
// for word.
import {
  findCertificate,
  postCertificate,
  type Certificate,
  type CertificateDocumentKind,
} from '../../db/certificates/certificate.ts';
import { findCertificateKind } from '../../db/certificates/certificate-kind.ts';
import {
  findOperationById,
  insertCertificateOperation,
  listOperationsOfReceipt,
  type CertificateOperation,
  type CertificateSort,
} from '../../db/certificates/certificate-operation.ts';
import type { Trx } from '../../db/db.ts';
import type { CertificateAct, CertificateObstacle } from '../../ledger/certificate-obstacle.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { ReceiptKey } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { makeOperationId } from '../operation-reply.ts';
import { changeServed, type Standing } from '../standing.ts';

/** Of code 13: which state forbids it, and what was asked. */
export interface CertificateRefusal {
  readonly act: CertificateAct;
  readonly obstacle: CertificateObstacle;
}

export interface CertificateCall extends ReceiptKey {
  readonly operationId: string | null;
  readonly certificateNumber: string;
  readonly amountKopecks: Kopecks;
}

export interface CertificateReply {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly refusal?: CertificateRefusal;
  readonly operationId: string;
  readonly duplicate: boolean;
  readonly certificateNumber: string;
  readonly status: string | null;
  readonly balance: Kopecks;
}

/** Certificates are switched on together with billing. */
export function gateOfCertificates({ gate, settings }: Standing): ResultCode {
  return settings.stage === 'billing' ? gate : resultCodes.moduleOff;
}

/** What it is to be sold for; null where that is what the buyer pays. */
export async function findPrice(trx: Trx, { kindCode }: Certificate): Promise<Kopecks | null> {
  return (await findCertificateKind(trx, kindCode))?.nominal ?? null;
}

export interface CertificateContext {
  readonly trx: Trx;
  readonly standing: Standing;
  readonly now: LocalDateTime;
  readonly sort: CertificateSort;
  readonly call: CertificateCall;
  readonly operationId: string;
  readonly certificate: Certificate;
  /** All that was done in the same receipt. */
  readonly inReceipt: readonly CertificateOperation[];
}

export function handleCertificateCall(
  infobase: Infobase,
  now: LocalDateTime,
  sort: CertificateSort,
  sent: Checked<CertificateCall>,
  act: (context: CertificateContext) => Promise<CertificateReply>,
): Promise<CertificateReply> {
  const call = boundTexts(sent, ['operationId', 'kkm', 'certificateNumber']);
  const given = call.ok ? call.value : call.partial;
  const operationId = callOperationId(sort, given);
  const blank = {
    operationId,
    duplicate: false,
    certificateNumber: given.certificateNumber ?? '',
    status: null,
    balance: 0,
  };
  return changeServed<CertificateReply>(
    infobase,
    (code) => ({ code, ...blank }),
    async (trx, standing) => {
      if (!call.ok) return { code: resultCodes.badArgument, trouble: call.trouble, ...blank };
      const certificate = await findCertificate(trx, call.value.certificateNumber);
      if (certificate === undefined) {
        const refusal = { act: sort, obstacle: { sort: 'unknown' } } as const;
        return { code: resultCodes.certificateState, refusal, ...blank };
      }
      const inReceipt = await listOperationsOfReceipt(trx, receiptOf(call.value));
      const context = { trx, standing, now, sort, call: call.value, operationId, certificate, inReceipt };
      return (await answerKnown(context)) ?? act(context);
    },
    gateOfCertificates,
  );
}

/** The answer to what was done before, or was undone before it came. */
async function answerKnown(context: CertificateContext): Promise<CertificateReply | undefined> {
  const { trx, sort, call, inReceipt } = context;
  const ofCertificate = inReceipt.filter((one) => one.certificateNumber === call.certificateNumber);
  const byKey = ofCertificate.find((one) => one.sort === sort);
  const byId = call.operationId === null ? undefined : await findOperationById(trx, sort, call.operationId);
  const known = byKey ?? byId;
  const isUndone = known?.state === 'cancelled' || ofCertificate.some((one) => one.sort === 'cancel');
  if (sort !== 'cancel' && isUndone) return refuseCall(context, resultCodes.alreadyCancelled);
  if (known === undefined) return undefined;
  const field = findDifference(known, byId, call, sort);
  if (field !== undefined) return refuseCall(context, resultCodes.otherContent, { field, expected: 'то же значение' });
  return { ...(JSON.parse(known.reply) as CertificateReply), duplicate: true };
}

function findDifference(
  known: CertificateOperation,
  byId: CertificateOperation | undefined,
  call: CertificateCall,
  sort: CertificateSort,
): keyof CertificateCall | undefined {
  if (byId !== undefined && byId.id !== known.id) return 'operationId';
  if (known.certificateNumber !== call.certificateNumber) return 'certificateNumber';
  if (known.kkm !== call.kkm) return 'kkm';
  if (known.shiftNumber !== call.shiftNumber) return 'shiftNumber';
  if (known.receiptNumber !== call.receiptNumber) return 'receiptNumber';
  if (known.receiptOn !== dateOf(call.receiptAt)) return 'receiptAt';
  // A cancel undoes the whole, whatever sum it names.
  return sort === 'cancel' || known.amount === call.amountKopecks ? undefined : 'amountKopecks';
}

/** Writes the call down with its answer, and the document where something moved: a tombstone moves nothing. */
export async function postCall(
  context: CertificateContext,
  kind: CertificateDocumentKind,
  after: Certificate,
  comment: string | null,
): Promise<CertificateReply> {
  const { trx, now, sort, call, operationId, certificate } = context;
  const reply: CertificateReply = {
    code: resultCodes.done,
    operationId,
    duplicate: false,
    certificateNumber: certificate.number,
    status: after.state,
    balance: after.balance,
  };
  const id = await insertCertificateOperation(trx, {
    sort,
    operationId: call.operationId,
    ...receiptOf(call),
    certificateNumber: certificate.number,
    amount: call.amountKopecks,
    moved: Math.abs(after.balance - certificate.balance),
    state: 'posted',
    reply: JSON.stringify(reply),
  });
  // What is sold, wholly spent and cancelled in one receipt has nothing before it and after it, and is annulled.
  if (after.balance !== certificate.balance || after.state !== certificate.state) {
    const datedAt = sort === 'cancel' ? now : call.receiptAt;
    await postCertificate(trx, { kind, datedAt, recordedAt: now, operationId: id, comment }, certificate, after);
  }
  return reply;
}

export function refuseCall(
  { operationId, certificate }: CertificateContext,
  code: ResultCode,
  trouble?: Trouble,
): CertificateReply {
  const { number: certificateNumber, state: status, balance } = certificate;
  const shown = trouble === undefined ? {} : { trouble };
  return { code, ...shown, operationId, duplicate: false, certificateNumber, status, balance };
}

export function forbidCall(context: CertificateContext, obstacle: CertificateObstacle): CertificateReply {
  return { ...refuseCall(context, resultCodes.certificateState), refusal: { act: context.sort, obstacle } };
}

function receiptOf({ kkm, shiftNumber, receiptNumber, receiptAt }: CertificateCall) {
  return { kkm, shiftNumber, receiptNumber, receiptOn: dateOf(receiptAt) };
}

/** Of a call refused, what of it could be read. */
function callOperationId(sort: CertificateSort, call: Partial<CertificateCall>): string {
  const { operationId = null, kkm, shiftNumber, receiptNumber, receiptAt, certificateNumber } = call;
  if (operationId !== null) return operationId;
  const receiptOn = receiptAt === undefined ? undefined : dateOf(receiptAt);
  return makeOperationId(`Certificate ${sort}`, kkm, shiftNumber, receiptNumber, receiptOn, certificateNumber);
}
