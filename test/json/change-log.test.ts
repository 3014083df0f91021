// Every operation of the HTTP service that changes something leaves one row in the log of changes, with the name of the caller;
// what tills do leaves none: receipts, holds and certificates are their own record.
import { endpoints } from '../../src/json/endpoints.ts';
import { readLog, whatOf, type LoggedWhat } from '../operations/admin/testing-change-log.ts';
import { callJson, requestOf, startExample, stateOf } from './testing-json.ts';

type Expected = Partial<LoggedWhat> | null;

const unruled = { purpose: 'discount', maxRedeemPercentHundredths: null, accrualPercentHundredths: null };
const openingDocument = 'Ввод остатков накоплений 000000002 от 22.11.2026 12:00:00';

/** By the operation: what its example leaves; null = nothing. */
const expected: Readonly<Record<string, Expected>> = {
  registerReceipt: null,
  cancelReceipt: null,
  uploadReceipts: null,
  reserveBonus: null,
  releaseBonus: null,
  sellCertificate: null,
  redeemCertificate: null,
  cancelCertificate: null,
  stopWork: null,
  runNights: null,
  addCards: { subject: 'cards', key: '2900000011 ... 2900000012', before: null, after: { cards: 2 } },
  createCardRange: {
    subject: 'cards',
    key: '2900000000001 - 2900000000100',
    before: null,
    after: { kindCode: 'BASE', numbers: 100 },
  },
  changeCards: { subject: 'cards', key: '2900000001', before: { status: 'active' }, after: { status: 'blocked' } },
  changeCard: {
    subject: 'cards',
    key: '2900000001',
    before: { holder: 'Анна Примерова', validTo: null },
    after: { holder: null, validTo: '2027-12-31' },
  },
  makeDocument: {
    subject: 'document',
    key: 'Начисление на дисконтные карты 000000001 от 22.11.2026 12:00:00',
    before: null,
    after: { comment: 'Подарок ко дню рождения', cards: 1 },
  },
  issueCertificates: {
    subject: 'certificates',
    key: '79000001 - 79000100',
    before: null,
    after: { kindCode: 'GIFT-1', numbers: 100 },
  },
  saveCertificateKind: {
    subject: 'certificate_kind',
    key: 'G3000',
    before: null,
    after: { code: 'G3000', name: 'На 3000', nominal: 300_000, life: 'years:1' },
  },
  saveCardKind: {
    subject: 'card_kind',
    key: 'GOLD',
    before: null,
    after: expect.objectContaining({ name: 'Золотая' }),
  },
  removeCardKind: {
    subject: 'card_kind',
    key: 'SPARE',
    before: {
      ...unruled,
      code: 'SPARE',
      name: 'Запасная',
      discount: { sort: 'none' },
      bonusRuleCode: 'GIFT',
      accumulationRuleCode: null,
    },
    after: null,
  },
  saveLifeRule: {
    subject: 'life_rule',
    key: 'HALF-YEAR',
    before: null,
    after: expect.objectContaining({ life: { sort: 'months', count: 6 } }),
  },
  removeLifeRule: {
    subject: 'life_rule',
    key: 'SPARE',
    before: expect.objectContaining({ life: { sort: 'days', count: 3 } }),
    after: null,
  },
  saveShop: { subject: 'shop', key: 'S3', before: null, after: { code: 'S3', name: 'На площади' } },
  removeShop: { subject: 'shop', key: 'S2', before: { code: 'S2', name: 'У вокзала' }, after: null },
  saveTill: { subject: 'till', key: 'K-02', before: null, after: { kkm: 'K-02', shopCode: 'S1', isSynced: true } },
  removeTill: { subject: 'till', key: 'K-01', before: { kkm: 'K-01', shopCode: 'S1', isSynced: false }, after: null },
  enableBilling: { subject: 'billing', key: 'enable', before: null, after: { startOn: '2026-11-22' } },
  pauseBilling: { subject: 'billing', key: 'pause', before: null, after: { startOn: '2026-11-22' } },
  continueBilling: { subject: 'billing', key: 'continue', before: null, after: { startOn: '2026-11-22' } },
  repostFailed: {
    subject: 'billing',
    key: 'repost',
    before: null,
    after: { startOn: '2026-11-22', which: 'failed' },
  },
  repostReceipt: {
    subject: 'billing',
    key: 'repost',
    before: null,
    after: { startOn: '2026-11-22', which: { receiptId: 1 } },
  },
  disableBilling: {
    subject: 'billing',
    key: 'disable',
    before: { documents: 0, manualDocuments: 0, movements: 0, pendingCredits: 0, nights: 0, holds: 0 },
    after: null,
  },
  makeBackup: null,
  createSync: { subject: 'sync', key: '1', before: null, after: { isFull: false, cards: 1 } },
  importOpening: {
    subject: 'import',
    key: '1',
    before: null,
    after: { document: openingDocument, fileName: 'остатки.csv', rows: 1, cards: 1 },
  },
  reverseImport: {
    subject: 'import',
    key: '2',
    before: null,
    after: { reverses: 1, document: 'Ввод остатков накоплений 000000003 от 22.11.2026 12:00:00', cards: 1 },
  },
  saveSetting: { subject: 'setting', key: 'holdTimeout', before: { value: '900' }, after: { value: '300' } },
  addUser: { subject: 'user', key: 'Касса № 2', before: null, after: { role: 'till' } },
  removeUser: { subject: 'user', key: 'auditor', before: { role: 'auditor' }, after: null },
  moveClock: {
    subject: 'clock',
    key: 'trade',
    before: { standsAt: '2026-11-22T12:00:00' },
    after: { standsAt: '2026-11-29T12:00:00' },
  },
};

const changing = endpoints.filter(({ method }) => method !== 'GET').map(({ name }) => name);

test('every operation that is not a reading has its place here', () => {
  expect(Object.keys(expected).toSorted()).toEqual(changing.toSorted());
});

test.each(changing)('%s', async (name) => {
  const service = await startExample(stateOf(name), { SUBSCRIPTION: 'extended' });
  try {
    const before = await readLog(service.infobase());
    const ended = (): number => service.log.filter(({ message }) => message === 'work ended').length;
    const endedBefore = ended();
    const { status } = await callJson(service, requestOf(name));
    expect(status).toBeLessThan(300);
    // Work that is begun: what it changes, it notes. That which is asked to stop is held by the test itself.
    const isAwaited = status === 202 && name !== 'stopWork';
    if (isAwaited) while (ended() === endedBefore) await new Promise(setImmediate);
    const rows = (await readLog(service.infobase())).slice(before.length);
    const row = expected[name];
    expect(rows.map(whatOf)).toEqual(row === null ? [] : [row]);
    expect(rows.map(({ by, door }) => [by, door])).toEqual(row === null ? [] : [['admin', 'http']]);
  } finally {
    await service.stop();
  }
});

test('the log is for administrators and auditors, by sort, name, dates and pages; a wrong filter is named', async () => {
  const service = await startExample('change');
  const ask = (query: string) => callJson(service, { path: `changes?${query}` });
  try {
    for (const value of ['100', '200']) {
      await callJson(service, { method: 'PUT', path: 'settings/holdTimeout', body: { value } });
    }
    const page = (await ask('limit=2&by=admin')).json as { changes: { id: string }[]; next: string };
    expect([page.changes.map(({ id }) => id), page.next]).toEqual([['3', '2'], '2']);
    const last = (await ask(`limit=2&cursor=${page.next}`)).json;
    expect(last).toMatchObject({ changes: [{ id: '1', recordedAt: '2026-11-22T12:00:00' }], next: null });
    expect((await ask('subject=user')).json).toEqual({ changes: [], next: null });
    expect((await ask('to=2026-11-21')).json).toEqual({ changes: [], next: null });
    for (const wrong of ['subject=cat', 'from=yesterday', 'limit=0', 'cursor=x']) {
      expect([wrong, (await ask(wrong)).status]).toEqual([wrong, 400]);
    }
    const auditor = { name: 'auditor', password: 'auditor' };
    const till = { name: 'Касса № 1', password: 'пароль:с двоеточием' };
    expect((await callJson(service, { path: 'changes', user: auditor })).status).toBe(200);
    expect((await callJson(service, { path: 'changes', user: till })).status).toBe(403);
  } finally {
    await service.stop();
  }
});
