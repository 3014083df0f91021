// The catalog of certificates, as openapi.json shows it. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listCertificates: readonly Example[] = [
  {
    name: 'unsold',
    summary: 'Не проданные',
    given: 'billing',
    query: { sold: 'false' },
    status: 200,
    reply: {
      certificates: [
        {
          number: '781',
          kind: 'GIFT-1',
          state: 'issued',
          soldAt: null,
          writeOffDate: null,
          price: '500.00',
          balance: '0.00',
        },
      ],
      next: null,
    },
  },
];

export const issueCertificates: readonly Example[] = [
  {
    name: 'hundred',
    summary: 'Сто сертификатов',
    given: 'billing',
    body: { prefix: '79', from: '1', to: '100', width: 6, kind: 'GIFT-1' },
    status: 200,
    reply: { first: '79000001', last: '79000100', created: 100, skipped: 0 },
  },
];

export const listCertificateKinds: readonly Example[] = [
  {
    name: 'all',
    summary: 'Все виды',
    given: 'billing',
    status: 200,
    reply: {
      kinds: [
        { code: 'GIFT-0', name: 'GIFT-0', nominal: '1000.00', life: 'unlimited' },
        { code: 'GIFT-1', name: 'GIFT-1', nominal: '500.00', life: 'unlimited' },
      ],
    },
  },
];

export const saveCertificateKind: readonly Example[] = [
  {
    name: 'new',
    summary: 'Сертификат на 3000 рублей на год',
    path: { code: 'G3000' },
    body: { name: 'На 3000', nominal: '3000.00', life: 'years:1' },
    status: 201,
    reply: { code: 'G3000', name: 'На 3000', nominal: '3000.00', life: 'years:1' },
  },
];
