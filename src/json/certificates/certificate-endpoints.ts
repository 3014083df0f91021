// Gift certificates, which stage billing alone has.
import { z } from 'zod';
import { cancelCertificate, redeemCertificate, sellCertificate } from '../../operations/certificates/certificates.ts';
import type { CertificateReply } from '../../operations/certificates/handle-certificate-call.ts';
import { getCertificateInfo } from '../../operations/certificates/read-certificate.ts';
import * as examples from './certificate-examples.ts';
import {
  certificateCall,
  certificateInfo,
  certificateResult,
  describeRefusal,
  showCertificateInfo,
  showCertificateResult,
} from './certificate-schemas.ts';
import { withoutTill } from '../cards/card-endpoints.ts';
import { defineOperation, type Endpoint } from '../endpoint.ts';
import { renameChecked } from '../field-names.ts';
import { JsonRefusal } from '../json-refusal.ts';
import { refuseAtGate, takeOperationId } from '../receipts/receipt-endpoints.ts';
import { requiredText } from '../scalars.ts';

const shared = { tag: 'Сертификаты', roles: ['till', 'admin'], gate: 'operation', statuses: [] } as const;
const call = { input: { body: certificateCall }, reply: certificateResult, takeKey: takeOperationId } as const;

export const certificateEndpoints: readonly Endpoint[] = [
  defineOperation({
    ...shared,
    roles: ['till', 'admin', 'auditor'],
    statuses: [404],
    name: 'getCertificate',
    method: 'GET',
    path: 'certificates/{certificateNumber}',
    summary: 'Прочитать сертификат',
    description: 'Как по SOAP. Сертификаты есть только в стадии «биллинг».',
    input: { path: z.strictObject({ certificateNumber: requiredText('certificateNumber') }) },
    reply: certificateInfo,
    examples: examples.getCertificate,
    answer: async ({ infobase }, input) => {
      const reply = await getCertificateInfo(infobase, withoutTill(input));
      refuseAtGate(reply.code, reply.trouble);
      const { code, refusal } = reply;
      if (refusal !== undefined) throw new JsonRefusal(404, { code, text: describeRefusal(refusal) });
      return { body: showCertificateInfo(reply), code };
    },
  }),
  defineOperation({
    ...shared,
    ...call,
    name: 'sellCertificate',
    method: 'POST',
    path: 'certificates/sell',
    summary: 'Продать сертификат',
    description: 'Как по SOAP: сумма равна номиналу вида, если он у вида есть.',
    examples: examples.sellCertificate,
    answer: async ({ infobase, now }, input) => answerCall(await sellCertificate(infobase, now, renameChecked(input))),
  }),
  defineOperation({
    ...shared,
    ...call,
    name: 'redeemCertificate',
    method: 'POST',
    path: 'certificates/redeem',
    summary: 'Принять сертификат в оплату',
    description: 'Как по SOAP: что остаётся после оплаты частью суммы, решает настройка certificateRest.',
    examples: examples.redeemCertificate,
    answer: async ({ infobase, now }, input) =>
      answerCall(await redeemCertificate(infobase, now, renameChecked(input))),
  }),
  defineOperation({
    ...shared,
    ...call,
    name: 'cancelCertificate',
    method: 'POST',
    path: 'certificates/cancel',
    summary: 'Отменить операцию с сертификатом',
    description: 'Как по SOAP: отменяет всё, что сделано с сертификатом по этому чеку.',
    examples: examples.cancelCertificate,
    answer: async ({ infobase, now }, input) =>
      answerCall(await cancelCertificate(infobase, now, renameChecked(input))),
  }),
];

/** A state that forbids it is an answer, like any refusal of the business. */
function answerCall(reply: CertificateReply) {
  refuseAtGate(reply.code, reply.trouble);
  return { body: showCertificateResult(reply), code: reply.code };
}
