// Every text that a till sends, one character within its bound and one beyond, on every road that stores it.
import { isTooLong, textLimits, type LimitedText } from '../../src/ledger/text-limits.ts';
import type { Receipt } from '../../src/ledger/receipt.ts';
import { cancelReceipt } from '../../src/operations/receipts/cancel-receipt.ts';
import { getCertificateInfo } from '../../src/operations/certificates/read-certificate.ts';
import { redeemCertificate, sellCertificate } from '../../src/operations/certificates/certificates.ts';
import type { Checked } from '../../src/operations/checked.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { listCardOperations } from '../../src/operations/cards/list-card-operations.ts';
import { readCard } from '../../src/operations/cards/read-card.ts';
import { registerReceipt } from '../../src/operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../../src/operations/receipts/reserve-bonus.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { confirmSyncPackage, getSyncPackage } from '../../src/operations/sync/serve-sync.ts';
import { uploadReceipts } from '../../src/operations/receipts/upload-receipts.ts';
import { addCard, buildReturn, buildSale, noon, openTestInfobase, testCard } from './testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
});
afterEach(() => infobase.close());

const taken = <T>(value: T): Checked<T> => ({ ok: true, value });

interface Answer {
  readonly code: number;
  readonly trouble?: { readonly field: string; readonly expected: string };
}

const line = { number: 1, code: '1', name: 'x', quantity: '1', price: '1', sumKopecks: 10_000, discountKopecks: 0 };
const key = { kkm: 'K', shiftNumber: 1, receiptNumber: 1, receiptAt: noon };
const hold = { ...key, operationId: null, cardNumber: testCard.number, amountKopecks: 100 };
const cancel = { ...key, operationId: null, kind: 'Sale', cardNumber: null, reason: null } as const;
const certificate = { ...key, operationId: null, certificateNumber: 'C', amountKopecks: 100 };

const register = (fields: Partial<Receipt>): Promise<Answer> =>
  registerReceipt(infobase, noon, taken(buildSale({ lines: [line], ...fields })));
const upload = async (fields: Partial<Receipt>): Promise<Answer> => {
  const { results } = await uploadReceipts(infobase, noon, taken({ kkm: 'K', receipts: [taken(buildSale(fields))] }));
  return results[0] as Answer;
};

type Road = readonly [name: string, field: string, limit: LimitedText, call: (text: string) => Promise<Answer>];

const roads: readonly Road[] = [
  ...(['operationId', 'kkm', 'cardNumber', 'cashier', 'fn', 'fd', 'fp'] as const).flatMap((field): Road[] => [
    ['RegisterReceipt', field, field, (text) => register({ [field]: text })],
    ['UploadReceipts', field, field, (text) => upload({ [field]: text })],
  ]),
  ...(['code', 'name', 'quantity', 'price'] as const).map((field): Road => {
    const call = (text: string): Promise<Answer> => register({ lines: [line, { ...line, number: 2, [field]: text }] });
    return ['RegisterReceipt', `lines[2].${field}`, field, call];
  }),
  [
    'RegisterReceipt',
    'original.kkm',
    'kkm',
    (text) => register(buildReturn(buildSale(), { original: { ...key, kkm: text } })),
  ],
  [
    'UploadReceipts, the whole',
    'kkm',
    'kkm',
    (text) => uploadReceipts(infobase, noon, taken({ kkm: text, receipts: [] })),
  ],
  ...(['operationId', 'kkm', 'cardNumber'] as const).flatMap((field): Road[] => [
    ['ReserveBonus', field, field, (text) => reserveBonus(infobase, noon, taken({ ...hold, [field]: text }))],
    ['ReleaseBonus', field, field, (text) => releaseBonus(infobase, noon, taken({ ...hold, [field]: text }))],
  ]),
  ...(['operationId', 'kkm', 'cardNumber', 'reason'] as const).map((field): Road => {
    return [
      'CancelReceipt',
      field,
      field,
      (text) => cancelReceipt(infobase, noon, taken({ ...cancel, [field]: text })),
    ];
  }),
  ...(['kkm', 'cardNumber', 'requestId', 'shop', 'cashier', 'inputMethod'] as const).map((field): Road => {
    const request = { kkm: 'K', cardNumber: testCard.number, operationAt: null };
    return ['GetCardInfo', field, field, (text) => readCard(infobase, noon, taken({ ...request, [field]: text }))];
  }),
  [
    'GetCardOperations',
    'cardNumber',
    'cardNumber',
    (text) => listCardOperations(infobase, taken({ cardNumber: text, from: null, to: null, limit: null })),
  ],
  ['GetSyncPackage', 'kkm', 'kkm', (text) => getSyncPackage(infobase, noon, taken({ kkm: text, lastVersion: null }))],
];

test.each(roads)('%s: %s', async (_name, field, limit, call) => {
  // Within the bound it is judged by what it says; here that is never a bad value.
  expect((await call('9'.repeat(textLimits[limit]))).code).not.toBe(11);
  for (const length of [textLimits[limit] + 1, 1_000_000]) {
    expect(await call('9'.repeat(length))).toMatchObject({
      code: 11,
      trouble: { field, expected: `не более ${textLimits[limit]} знаков` },
    });
  }
});

test('certificates and the confirmation of a package, whatever else refuses them', async () => {
  const long = '9'.repeat(51);
  const expected = 'не более 50 знаков';
  const billing = await openTestInfobase({ hasSubscription: true });
  try {
    expect(await saveSetting(billing, noon, 'stage', 'billing')).toMatchObject({ ok: true });
    for (const field of ['kkm', 'certificateNumber'] as const) {
      const trouble = { field, expected };
      const request = { kkm: 'K', certificateNumber: 'C' };
      expect(await getCertificateInfo(billing, taken({ ...request, [field]: long }))).toMatchObject({
        code: 11,
        trouble,
      });
      for (const operate of [sellCertificate, redeemCertificate]) {
        expect(await operate(billing, noon, taken({ ...certificate, [field]: long }))).toMatchObject({
          code: 11,
          trouble,
        });
      }
    }
    expect(await confirmSyncPackage(billing, noon, taken({ kkm: long, version: 1 }))).toMatchObject({
      code: 11,
      trouble: { field: 'kkm', expected },
    });
  } finally {
    await billing.close();
  }
});

test('a text beyond its bound is not echoed, also where something else is refused first', async () => {
  const long = '9'.repeat(1_000);
  const reply = await registerReceipt(infobase, noon, taken(buildSale({ operationId: long })));
  // It is given one, as a receipt without an id of its own is.
  expect(reply.operationId).toHaveLength(36);
  const trouble = { field: 'sumKopecks', expected: 'сумма' };
  const bad = await readCard(infobase, noon, { ok: false, trouble, partial: { cardNumber: long, kkm: 'K' } });
  expect([bad.code, bad.trouble, bad.cardNumber]).toEqual([11, trouble, '']);
});

test('of an upload one receipt with a long text is rejected, and the others go through', async () => {
  const receipts = [
    buildSale({ receiptNumber: 1 }),
    buildSale({ receiptNumber: 2, cashier: 'я'.repeat(201) }),
    buildSale({ receiptNumber: 3 }),
  ].map(taken);
  expect(await uploadReceipts(infobase, noon, taken({ kkm: 'K', receipts }))).toMatchObject({
    accepted: 2,
    rejected: 1,
    results: [{ code: 0 }, { code: 11, trouble: { field: 'cashier' } }, { code: 0 }],
  });
});

test('a character outside the basic plane is one', () => {
  expect([isTooLong('😀'.repeat(50), 'kkm'), isTooLong('😀'.repeat(51), 'kkm')]).toEqual([false, true]);
  expect([isTooLong('я'.repeat(50), 'kkm'), isTooLong('я'.repeat(51), 'kkm')]).toEqual([false, true]);
});
