// SellCertificate, RedeemCertificate, CancelCertificate and GetCertificateInfo: gift certificates, which billing alone has.
// A call is known by its operation id and by its receipt and number, and its repeat is answered word for word.
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
  setOperationCancelled,
  type CertificateOperation,
  type CertificateSort,
} from '../../db/certificates/certificate-operation.ts';
import type { Trx } from '../../db/db.ts';
import { stateOfRest, takeRedemption } from '../../ledger/certificate.ts';
import {
  findRedemptionObstacle,
  findSaleObstacle,
  type CertificateAct,
  type CertificateObstacle,
} from '../../ledger/certificate-obstacle.ts';
import { findWriteOffDate, neverOn, parseLife } from '../../ledger/life-rule.ts';
import { addDays, dateOf, startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { formatRubles, type Kopecks } from '../../ledger/money.ts';
import type { ReceiptKey } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { makeOperationId } from '../operation-reply.ts';
import { changeServed, loadStanding, type Standing } from '../standing.ts';

export interface CertificateRequest {
  readonly kkm: string;
  readonly certificateNumber: string;
}

/** Of code 13: which state forbids it, and what was asked. */
export interface CertificateRefusal {
  readonly act: CertificateAct;
  readonly obstacle: CertificateObstacle;
}

export interface CertificateInfo {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly refusal?: CertificateRefusal;
  readonly certificateNumber: string;
  readonly status: string | null;
  readonly nominal: Kopecks;
  readonly balance: Kopecks;
  /** The last day it may be used; null: without end, or not sold. */
  readonly validTo: LocalDateTime | null;
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

/**
 * Order of refusals: 8, 9, 10, 11, 13.
 * No certificate of that number is its state, too.
 */
export function getCertificateInfo(infobase: Infobase, sent: Checked<CertificateRequest>): Promise<CertificateInfo> {
  const request = boundTexts(sent, ['kkm', 'certificateNumber']);
  return infobase.db.read(async (trx) => {
    const gate = gateOfCertificates(await loadStanding(trx, infobase));
    const certificateNumber = (request.ok ? request.value : request.partial).certificateNumber ?? '';
    const tellNothing = (code: ResultCode): CertificateInfo => {
      return { code, certificateNumber, status: null, nominal: 0, balance: 0, validTo: null };
    };
    if (gate !== resultCodes.done) return tellNothing(gate);
    if (!request.ok) return { ...tellNothing(resultCodes.badArgument), trouble: request.trouble };
    const certificate = await findCertificate(trx, certificateNumber);
    if (certificate === undefined) {
      const refusal = { act: 'info', obstacle: { sort: 'unknown' } } as const;
      return { ...tellNothing(resultCodes.certificateState), refusal };
    }
    const { state, soldAt, balance, writeOffOn } = certificate;
    const nominal = soldAt === null ? ((await findPrice(trx, certificate)) ?? 0) : certificate.nominal;
    const hasEnd = writeOffOn !== null && writeOffOn !== neverOn;
    const validTo = hasEnd ? startOf(addDays(writeOffOn, -1)) : null;
    return { code: resultCodes.done, certificateNumber, status: state, nominal, balance, validTo };
  });
}

/** What it is to be sold for; null where that is what the buyer pays. */
async function findPrice(trx: Trx, { kindCode }: Certificate): Promise<Kopecks | null> {
  return (await findCertificateKind(trx, kindCode))?.nominal ?? null;
}

/**
 * Order of refusals: 8, 9, 10, 11, 13, 14, 6, 13, 11.
 * The state forbids it where it is sold already or annulled, or would run out by the date of the receipt.
 */
export function sellCertificate(
  infobase: Infobase,
  now: LocalDateTime,
  call: Checked<CertificateCall>,
): Promise<CertificateReply> {
  return handleCall(infobase, now, 'sale', call, sell);
}

/**
 * Order of refusals: 8, 9, 10, 11, 13, 14, 6, 13, 11.
 * The state forbids it where it is not sold, has run out, or less is left than is asked.
 */
export function redeemCertificate(
  infobase: Infobase,
  now: LocalDateTime,
  call: Checked<CertificateCall>,
): Promise<CertificateReply> {
  return handleCall(infobase, now, 'redemption', call, redeem);
}

/**
 * Order of refusals: 8, 9, 10, 11, 13, 6, 13.
 * The state forbids it for a sale of which something is spent already.
 */
export function cancelCertificate(
  infobase: Infobase,
  now: LocalDateTime,
  call: Checked<CertificateCall>,
): Promise<CertificateReply> {
  return handleCall(infobase, now, 'cancel', call, cancel);
}

/** Certificates are switched on together with billing. */
function gateOfCertificates({ gate, settings }: Standing): ResultCode {
  return settings.stage === 'billing' ? gate : resultCodes.moduleOff;
}

interface CertificateContext {
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

function handleCall(
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
  if (sort !== 'cancel' && isUndone) return refuse(context, resultCodes.alreadyCancelled);
  if (known === undefined) return undefined;
  const field = findDifference(known, byId, call, sort);
  if (field !== undefined) return refuse(context, resultCodes.otherContent, { field, expected: 'то же значение' });
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

async function sell(context: CertificateContext): Promise<CertificateReply> {
  const { trx, call, certificate } = context;
  const obstacle = findSaleObstacle(standingOf(certificate), dateOf(call.receiptAt));
  if (obstacle !== undefined) return forbid(context, obstacle);
  const kind = await findCertificateKind(trx, certificate.kindCode);
  const life = kind === undefined ? undefined : parseLife(kind.life);
  if (kind === undefined || life === undefined) throw new Error(`the kind of certificate ${certificate.id} is damaged`);
  const { amountKopecks: amount, receiptAt } = call;
  const writeOffOn = findWriteOffDate(life, dateOf(receiptAt));
  if (writeOffOn <= dateOf(receiptAt)) return forbid(context, { sort: 'kind_ended', lastOn: addDays(writeOffOn, -1) });
  if (kind.nominal === null ? amount === 0 : amount !== kind.nominal) {
    const expected = kind.nominal === null ? 'сумма больше нуля' : `номинал ${formatRubles(kind.nominal)}`;
    return refuse(context, resultCodes.badArgument, { field: 'amountKopecks', expected });
  }
  const sold = { ...certificate, soldAt: receiptAt, writeOffOn, nominal: amount, balance: amount };
  return post(context, 'CertificateSale', sold, null);
}

async function redeem(context: CertificateContext): Promise<CertificateReply> {
  const { trx, standing, call, certificate, inReceipt } = context;
  const { amountKopecks: amount } = call;
  const { certificatesPerReceipt, certificateRest } = standing.settings;
  const others = inReceipt.filter(
    (one) => one.sort === 'redemption' && one.state === 'posted' && one.certificateNumber !== call.certificateNumber,
  );
  const isOneTooMany = certificatesPerReceipt === 'one' && others.length > 0;
  const price = certificate.soldAt === null ? await findPrice(trx, certificate) : null;
  const own = findRedemptionObstacle(standingOf(certificate), dateOf(call.receiptAt), amount, price);
  // A smaller sum would not help where another certificate is in the way.
  if (isOneTooMany && (own === undefined || own.sort === 'too_little')) {
    return forbid(context, { sort: 'other_in_receipt' });
  }
  if (own !== undefined) return forbid(context, own);
  if (amount === 0) {
    return refuse(context, resultCodes.badArgument, { field: 'amountKopecks', expected: 'сумма больше нуля' });
  }
  const taken = takeRedemption(certificate.balance, amount, certificateRest);
  const balance = certificate.balance - taken;
  const burned = taken - amount;
  const comment = burned === 0 ? null : `Остаток ${formatRubles(burned)} сгорел при погашении`;
  return post(context, 'CertificateRedemption', withRest(certificate, balance), comment);
}

async function cancel(context: CertificateContext): Promise<CertificateReply> {
  const { trx, call, certificate, inReceipt } = context;
  const live = inReceipt.filter(
    (one) => one.certificateNumber === call.certificateNumber && one.state === 'posted' && one.sort !== 'cancel',
  );
  // The latest first: a certificate sold and spent in one receipt is unspent, and then unsold.
  let after = certificate;
  for (const one of live.toReversed()) {
    if (one.sort === 'redemption') after = withRest(after, after.balance + one.moved);
    else if (after.balance !== after.nominal) return forbid(context, findUse(after));
    else after = { ...after, state: 'annulled', balance: 0 };
  }
  for (const { id } of live) await setOperationCancelled(trx, id);
  const comment = `Отмена: смена ${call.shiftNumber}, чек ${call.receiptNumber}, касса ${call.kkm}`;
  return post(context, 'CertificateCancel', after, comment);
}

/** Why the sale stays: its rest was taken by the night of its end, or by a redemption. */
function findUse({ state, writeOffOn }: Certificate): CertificateObstacle {
  const isRunOut = state === 'annulled' && writeOffOn !== null;
  return isRunOut ? { sort: 'run_out', lastOn: addDays(writeOffOn, -1) } : { sort: 'used' };
}

function standingOf(certificate: Certificate) {
  return { ...certificate, isSold: certificate.soldAt !== null };
}

function withRest(certificate: Certificate, balance: Kopecks): Certificate {
  return { ...certificate, balance, state: stateOfRest(certificate.nominal, balance) };
}

/** Writes the call down with its answer, and the document where something moved: a tombstone moves nothing. */
async function post(
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

function refuse(
  { operationId, certificate }: CertificateContext,
  code: ResultCode,
  trouble?: Trouble,
): CertificateReply {
  const { number: certificateNumber, state: status, balance } = certificate;
  const shown = trouble === undefined ? {} : { trouble };
  return { code, ...shown, operationId, duplicate: false, certificateNumber, status, balance };
}

function forbid(context: CertificateContext, obstacle: CertificateObstacle): CertificateReply {
  return { ...refuse(context, resultCodes.certificateState), refusal: { act: context.sort, obstacle } };
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
