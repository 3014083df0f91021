// Documents of both registers in one list, page by page, and one document with its lines.
import type { Infobase } from '../../../src/operations/infobase.ts';
import { parseDocumentId } from '../../../src/operations/billing/document-id.ts';
import {
  listDocuments,
  type DocumentCursor,
  type DocumentListFilter,
} from '../../../src/operations/billing/list-documents.ts';
import { makeDocument } from '../../../src/operations/billing/make-document.ts';
import { readDocument, type ReadDocument } from '../../../src/operations/billing/read-document.ts';
import { addCard, buildSale, moment, openBalances, openTestInfobase, register, testCard } from '../testing-infobase.ts';
import { addRuledKind, day, openBilling, passNight } from './testing-billing.ts';

let infobase: Infobase;
afterEach(() => infobase.close());

const all: DocumentListFilter = { register: null, kind: null, cardNumber: null, from: null, to: null };

/** Page by page. */
async function listAll(filter: Partial<DocumentListFilter>, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let before: DocumentCursor | null = null; ;) {
    const page = await listDocuments(infobase, { ...all, ...filter }, { limit, before });
    expect(page.documents.length).toBeLessThanOrEqual(limit);
    ids.push(...page.documents.map(({ documentId }) => documentId));
    if (page.next === null) return ids;
    before = page.next;
  }
}

async function read(id: string, limit = 100): Promise<ReadDocument> {
  const place = parseDocumentId(id);
  const found = place === undefined ? undefined : await readDocument(infobase, place, { limit, after: null });
  if (found === undefined) throw new Error(`there is no document ${id}`);
  return found;
}

const at = (text: string) => moment(`2021-01-${text}`);

describe('under billing', () => {
  beforeEach(async () => {
    infobase = await openBilling();
    await addRuledKind(infobase, 'TWO', { bonus: 'days:2' });
    await addCard(infobase, { kindCode: 'TWO' });
    await addCard(infobase, { number: '2900000002', kindCode: 'TWO' });
    const sale = buildSale({ bonusAccruedKopecks: 900, receiptAt: at('01T10:00:00'), cashier: 'Иванова' });
    await register(infobase, sale, at('01T10:00:00'));
    const other = { receiptNumber: 2, receiptAt: at('01T11:00:00'), cardNumber: '2900000002', bonusAccruedKopecks: 50 };
    await register(infobase, buildSale(other), at('01T11:00:00'));
    for (const on of ['2021-01-01', '2021-01-02', '2021-01-03']) await passNight(infobase, day(on));
    const row = { line: 1, ruleCode: null, writeOffOn: null, creditOn: null, comment: null };
    const sums = { bonus: 300, accumulation: 0, receipts: 0 };
    const rows = [{ ...row, cardNumber: testCard.number, sums }];
    const request = { sort: 'accrual', rows, comment: 'Подарок' } as const;
    expect(await makeDocument(infobase, at('03T12:00:00'), request)).toMatchObject({ ok: true });
  });

  test.each<[Partial<DocumentListFilter>, string[]]>([
    [{}, ['billing-4', 'billing-3', 'billing-2', 'accumulation-2', 'billing-1', 'accumulation-1']],
    [{ register: 'billing' }, ['billing-4', 'billing-3', 'billing-2', 'billing-1']],
    [{ register: 'accumulation' }, ['accumulation-2', 'accumulation-1']],
    [{ kind: 'WriteOff' }, ['billing-3']],
    [{ kind: 'KkmOperation' }, ['billing-2', 'accumulation-2', 'billing-1', 'accumulation-1']],
    [{ cardNumber: '2900000002' }, ['billing-3', 'billing-2', 'accumulation-2']],
    [{ cardNumber: '777' }, []],
    [{ from: day('2021-01-02') }, ['billing-4', 'billing-3']],
    [{ to: day('2021-01-01') }, ['billing-2', 'accumulation-2', 'billing-1', 'accumulation-1']],
    [{ from: day('2021-01-02'), cardNumber: '2900000002' }, ['billing-3']],
  ])('of %j', async (filter, ids) => {
    for (const limit of [1, 2, 3, 100]) expect(await listAll(filter, limit)).toEqual(ids);
  });

  test('the list shows the line of a document that has one', async () => {
    const { documents } = await listDocuments(infobase, all, { limit: 3, before: null });
    expect(documents).toMatchObject([
      { kind: 'Accrual', origin: 'manual', comment: 'Подарок', hasMoreLines: false, onlyLine: { bonus: 300 } },
      { kind: 'WriteOff', origin: 'night', hasMoreLines: true, onlyLine: null },
      { kind: 'KkmOperation', kkm: 'KKM-1', receiptNumber: 2, receiptId: 2, onlyLine: { cardNumber: '2900000002' } },
    ]);
  });

  test('a document by hand has its line, with what it accrued to which date', async () => {
    expect(await read('billing-4')).toMatchObject({
      name: 'Начисление на дисконтные карты 000000004 от 03.01.2021 12:00:00',
      total: { count: 1, bonus: 300, accumulation: 0, receipts: 0 },
      lines: [{ cardNumber: testCard.number, bonus: 300, bonusAfter: 300, accruals: [{ writeOffOn: '2021-01-05' }] }],
      next: null,
      fileName: null,
      madeBy: null,
    });
  });

  test("a night's lines say why, page by page", async () => {
    const first = await read('billing-3', 1);
    expect(first).toMatchObject({
      total: { count: 2, bonus: -950 },
      lines: [
        { bonus: -900, covered: { bonus: 0 }, reason: expect.stringContaining('истекли: 9 (чек 1, касса KKM-1') },
      ],
    });
    const second = await readDocument(infobase, { register: 'billing', id: 3 }, { limit: 1, after: first.next });
    expect(second).toMatchObject({ lines: [{ cardNumber: '2900000002', bonus: -50 }], next: null });
  });

  test('a document of a receipt leads to its trade document', async () => {
    expect(await read('billing-1')).toMatchObject({
      tradeDocumentId: 'accumulation-1',
      receiptId: 1,
      cashier: 'Иванова',
      name: 'Операция ККМ 000000001 от 01.01.2021 10:00:00',
      lines: [{ bonus: 900, accruals: [{ writeOffOn: '2021-01-03', bonus: 900 }, { bonus: 0 }] }],
    });
    expect(await read('accumulation-1')).toMatchObject({ origin: null, lines: [{ bonus: 900, accruals: [] }] });
  });
});

test('opening sums stand in the list of an infobase without billing', async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await openBalances(infobase, testCard.number, { bonus: 100 });
  expect(await listAll({}, 10)).toEqual(['accumulation-1']);
  expect(await read('accumulation-1')).toMatchObject({ kind: 'OpeningAccumulation', total: { count: 1, bonus: 100 } });
});

test.each(['billing-0', 'billing-', 'trade-1', 'billing-1x', ' billing-1'])(
  '%j is not the id of a document',
  (text) => {
    expect(parseDocumentId(text)).toBeUndefined();
  },
);
