// GetCertificateInfo: what a certificate is worth, and until when.
import { findCertificate } from '../../db/certificates/certificate.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import { addDays, startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { loadStanding } from '../standing.ts';
import { findPrice, gateOfCertificates, type CertificateRefusal } from './handle-certificate-call.ts';

export interface CertificateRequest {
  readonly kkm: string;
  readonly certificateNumber: string;
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
