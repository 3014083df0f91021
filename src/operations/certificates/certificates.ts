// SellCertificate, RedeemCertificate and CancelCertificate: gift certificates, which billing alone has.
import type { Certificate } from '../../db/certificates/certificate.ts';
import { findCertificateKind } from '../../db/certificates/certificate-kind.ts';
import { setOperationCancelled } from '../../db/certificates/certificate-operation.ts';
import { stateOfRest, takeRedemption } from '../../ledger/certificate.ts';
import {
  findRedemptionObstacle,
  findSaleObstacle,
  type CertificateObstacle,
} from '../../ledger/certificate-obstacle.ts';
import { findWriteOffDate, parseLife } from '../../ledger/life-rule.ts';
import { addDays, dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { formatRubles, type Kopecks } from '../../ledger/money.ts';
import { resultCodes } from '../../ledger/result.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import {
  findPrice,
  forbidCall,
  handleCertificateCall,
  postCall,
  refuseCall,
  type CertificateCall,
  type CertificateContext,
  type CertificateReply,
} from './handle-certificate-call.ts';

/**
 * Order of refusals: 8, 9, 10, 11, 13, 14, 6, 13, 11.
 * The state forbids it where it is sold already or annulled, or would run out by the date of the receipt.
 */
export function sellCertificate(
  infobase: Infobase,
  now: LocalDateTime,
  call: Checked<CertificateCall>,
): Promise<CertificateReply> {
  return handleCertificateCall(infobase, now, 'sale', call, sell);
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
  return handleCertificateCall(infobase, now, 'redemption', call, redeem);
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
  return handleCertificateCall(infobase, now, 'cancel', call, cancel);
}

async function sell(context: CertificateContext): Promise<CertificateReply> {
  const { trx, call, certificate } = context;
  const obstacle = findSaleObstacle(standingOf(certificate), dateOf(call.receiptAt));
  if (obstacle !== undefined) return forbidCall(context, obstacle);
  const kind = await findCertificateKind(trx, certificate.kindCode);
  const life = kind === undefined ? undefined : parseLife(kind.life);
  if (kind === undefined || life === undefined) throw new Error(`the kind of certificate ${certificate.id} is damaged`);
  const { amountKopecks: amount, receiptAt } = call;
  const writeOffOn = findWriteOffDate(life, dateOf(receiptAt));
  if (writeOffOn <= dateOf(receiptAt))
    return forbidCall(context, { sort: 'kind_ended', lastOn: addDays(writeOffOn, -1) });
  if (kind.nominal === null ? amount === 0 : amount !== kind.nominal) {
    const expected = kind.nominal === null ? 'сумма больше нуля' : `номинал ${formatRubles(kind.nominal)}`;
    return refuseCall(context, resultCodes.badArgument, { field: 'amountKopecks', expected });
  }
  const sold = { ...certificate, soldAt: receiptAt, writeOffOn, nominal: amount, balance: amount };
  return postCall(context, 'CertificateSale', sold, null);
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
    return forbidCall(context, { sort: 'other_in_receipt' });
  }
  if (own !== undefined) return forbidCall(context, own);
  if (amount === 0) {
    return refuseCall(context, resultCodes.badArgument, { field: 'amountKopecks', expected: 'сумма больше нуля' });
  }
  const taken = takeRedemption(certificate.balance, amount, certificateRest);
  const balance = certificate.balance - taken;
  const burned = taken - amount;
  const comment = burned === 0 ? null : `Остаток ${formatRubles(burned)} сгорел при погашении`;
  return postCall(context, 'CertificateRedemption', withRest(certificate, balance), comment);
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
    else if (after.balance !== after.nominal) return forbidCall(context, findUse(after));
    else after = { ...after, state: 'annulled', balance: 0 };
  }
  for (const { id } of live) await setOperationCancelled(trx, id);
  const comment = `Отмена: смена ${call.shiftNumber}, чек ${call.receiptNumber}, касса ${call.kkm}`;
  return postCall(context, 'CertificateCancel', after, comment);
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
