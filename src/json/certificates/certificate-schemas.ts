// Bodies about gift certificates.
import { z } from 'zod';
import { describeCertificateObstacle } from '../../ledger/certificate-obstacle.ts';
import { formatSum } from '../../ledger/money.ts';
import type { CertificateRefusal, CertificateReply } from '../../operations/certificates/handle-certificate-call.ts';
import type { CertificateInfo } from '../../operations/certificates/read-certificate.ts';
import { receiptPlace, operationId, showCode } from '../receipts/receipt-schemas.ts';
import { momentOut, requiredText, sum, sumOut } from '../scalars.ts';

export const certificateCall = z
  .strictObject({
    operationId,
    ...receiptPlace,
    certificateNumber: requiredText('certificateNumber'),
    amount: sum,
  })
  .meta({ id: 'CertificateCall' });

export const certificateInfo = z
  .strictObject({
    code: z.int(),
    text: z.string(),
    certificateNumber: z.string(),
    status: z.string().nullable(),
    nominal: sumOut,
    balance: sumOut,
    validTo: momentOut.nullable(),
  })
  .meta({ id: 'CertificateInfo' });

export function showCertificateInfo(reply: CertificateInfo): z.input<typeof certificateInfo> {
  return {
    ...showCode(reply.code),
    certificateNumber: reply.certificateNumber,
    status: reply.status,
    nominal: formatSum(reply.nominal),
    balance: formatSum(reply.balance),
    validTo: reply.validTo,
  };
}

export const certificateResult = z
  .strictObject({
    code: z.int(),
    text: z.string(),
    field: z.string().optional(),
    operationId: z.string(),
    duplicate: z.boolean(),
    certificateNumber: z.string(),
    status: z.string().nullable(),
    balance: sumOut,
  })
  .meta({ id: 'CertificateResult' });

export function showCertificateResult(reply: CertificateReply): z.input<typeof certificateResult> {
  const { refusal } = reply;
  return {
    ...showCode(reply.code, reply.trouble),
    ...(refusal === undefined ? {} : { text: describeRefusal(refusal) }),
    operationId: reply.operationId,
    duplicate: reply.duplicate,
    certificateNumber: reply.certificateNumber,
    status: reply.status,
    balance: formatSum(reply.balance),
  };
}

export function describeRefusal({ obstacle, act }: CertificateRefusal): string {
  return describeCertificateObstacle(obstacle, act);
}
