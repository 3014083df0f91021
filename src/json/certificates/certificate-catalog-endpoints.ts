// Gift certificates as an administrator keeps them: kinds, issuing by a range of numbers, and the list.
import { z } from 'zod';
import { certificateStates } from '../../ledger/certificate.ts';
import { formatLife, parseLife } from '../../ledger/life-rule.ts';
import { formatSum } from '../../ledger/money.ts';
import {
  issueCertificates,
  listCertificatePage,
  listKinds,
  saveKind,
  type CertificateKind,
} from '../../operations/certificates/certificate-catalog.ts';
import { createdNumbers, numberRange } from '../cards/card-edit-endpoints.ts';
import * as examples from './certificate-catalog-examples.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { refuseHttp, refuseOperation } from '../json-refusal.ts';
import { countText, dateOut, momentOut, notEmpty, nullable, oneOf, sum, sumOut } from '../scalars.ts';

const read = { tag: 'Сертификаты', roles: ['admin', 'auditor'], gate: 'door' } as const;

const kind = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    nominal: sumOut.nullable().meta({ description: 'null: сколько заплатит покупатель' }),
    life: z.string(),
  })
  .meta({ id: 'CertificateKind' });
const kinds = z.strictObject({ kinds: z.array(kind) }).meta({ id: 'CertificateKinds' });
const aLife = 'unlimited, days:20, months:6, years:1 или fixed_date:2027-01-01';
const kindChange = z
  .strictObject({
    name: z.string({ error: 'текст' }).optional(),
    nominal: sum.nullable().optional(),
    life: z
      .string({ error: aLife })
      .refine((text) => parseLife(text) !== undefined, { error: aLife })
      .optional()
      .meta({ description: aLife }),
  })
  .meta({ id: 'CertificateKindChange', description: 'Чего нет, остаётся как было. У нового вида нужно имя' });

const listed = z
  .strictObject({
    number: z.string(),
    kind: z.string(),
    state: z.enum(certificateStates),
    soldAt: momentOut.nullable(),
    writeOffDate: dateOut.nullable(),
    price: sumOut
      .nullable()
      .meta({ description: 'За сколько продан или продаётся; null: сколько заплатит покупатель' }),
    balance: sumOut,
  })
  .meta({ id: 'ListedCertificate' });
const page = z
  .strictObject({
    certificates: z.array(listed),
    next: z.string().nullable().meta({ description: 'cursor следующей страницы; null, если эта последняя' }),
  })
  .meta({ id: 'CertificatePage' });

export const certificateCatalogEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'listCertificates',
    method: 'GET',
    path: 'certificates',
    summary: 'Список сертификатов',
    description: 'От новых к старым, страницами.',
    input: {
      query: z.strictObject({
        state: nullable(oneOf(certificateStates)),
        sold: nullable(oneOf(['true', 'false'])),
        kind: nullable(notEmpty).meta({ description: 'Код вида' }),
        limit: countText(1, 1_000).default(100),
        cursor: nullable(notEmpty).meta({ description: 'next прошлой страницы' }),
      }),
    },
    reply: page,
    examples: examples.listCertificates,
    answer: async ({ infobase }, { state, sold, kind: kindCode, limit, cursor }) => {
      const outcome = await listCertificatePage(infobase, {
        limit,
        ...(state === null ? {} : { state }),
        ...(sold === null ? {} : { isSold: sold === 'true' }),
        ...(kindCode === null ? {} : { kindCode }),
        ...(cursor === null ? {} : { after: cursor }),
      });
      if (!outcome.ok) throw refuseOperation(outcome, { after: 'cursor', kindCode: 'kind' });
      const certificates = outcome.certificates.map(({ number, kindCode: code, state: own, soldAt, ...rest }) => ({
        number,
        kind: code,
        state: own,
        soldAt,
        writeOffDate: rest.writeOffOn,
        price: rest.price === null ? null : formatSum(rest.price),
        balance: formatSum(rest.balance),
      }));
      return { body: { certificates, next: outcome.next } };
    },
  }),
  defineEndpoint({
    ...read,
    roles: ['admin'],
    statuses: [],
    name: 'issueCertificates',
    method: 'POST',
    path: 'certificates',
    summary: 'Выпустить сертификаты диапазоном номеров',
    description: 'Номера, которые уже есть, не меняются.',
    input: { body: numberRange('CertificateRange', 'Код вида сертификатов') },
    reply: createdNumbers,
    examples: examples.issueCertificates,
    answer: async ({ infobase }, { kind: kindCode, width, ...range }) => {
      const request = { ...range, kindCode, width: width === undefined ? undefined : String(width) };
      const outcome = await issueCertificates(infobase, request);
      if (!outcome.ok) throw refuseOperation(outcome, { kindCode: 'kind' });
      const { first, last, created, skipped } = outcome;
      return { body: { first, last, created, skipped } };
    },
  }),
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'listCertificateKinds',
    method: 'GET',
    path: 'certificate-kinds',
    summary: 'Виды сертификатов',
    input: {},
    reply: kinds,
    examples: examples.listCertificateKinds,
    answer: async ({ infobase }) => ({ body: { kinds: (await listKinds(infobase)).map(showKind) } }),
  }),
  defineEndpoint({
    ...read,
    roles: ['admin'],
    statuses: [200, 201],
    name: 'saveCertificateKind',
    method: 'PUT',
    path: 'certificate-kinds/{code}',
    summary: 'Создать или изменить вид сертификатов',
    description: 'Проданные сертификаты остаются при своих условиях.',
    input: { path: z.strictObject({ code: notEmpty.meta({ description: 'Код вида' }) }), body: kindChange },
    reply: kind,
    examples: examples.saveCertificateKind,
    answer: async ({ infobase, now }, { code, name, nominal, life }) => {
      const outcome = await saveKind(infobase, now, {
        code,
        ...(name === undefined ? {} : { name }),
        ...(nominal === undefined ? {} : { nominal }),
        ...(life === undefined
          ? {}
          : { life: formatLife(parseLife(life) as NonNullable<ReturnType<typeof parseLife>>) }),
      });
      if (!outcome.ok) throw refuseOperation(outcome);
      const saved = (await listKinds(infobase)).find((one) => one.code === code);
      if (saved === undefined) throw refuseHttp(404, `Вида сертификатов ${code} больше нет`);
      return { status: outcome.isNew ? 201 : 200, body: showKind(saved) };
    },
  }),
];

function showKind({ code, name, nominal, life }: CertificateKind): z.input<typeof kind> {
  return { code, name, nominal: nominal === null ? null : formatSum(nominal), life };
}
