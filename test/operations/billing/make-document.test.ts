// Documents made by hand: what they post, when they are refused, and that nights and late facts count them.
import { findBillingState } from '../../../src/db/billing/billing-state.ts';
import { openNightRun } from '../../../src/db/night/night-run.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { noMeasures } from '../../../src/ledger/measures.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { documentLimit, makeDocument } from '../../../src/operations/billing/make-document.ts';
import type { MakeDocumentRequest } from '../../../src/operations/billing/plan-document.ts';
import type { DocumentRow, DocumentSort } from '../../../src/operations/billing/read-document-sheet.ts';
import {
  addCard,
  buildReserve,
  buildSale,
  moment,
  openTestInfobase,
  register,
  reserve,
  setSetting,
  upload,
} from '../testing-infobase.ts';
import {
  addRuledKind,
  day,
  getAccount,
  isInOrder,
  listBillingRows,
  listOperations,
  openBilling,
  passNight,
  passNightsTo,
} from './testing-billing.ts';

const start = day('2026-03-10');
const noon = moment('2026-03-10T12:00:00');

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openBilling({
    start,
    kinds: {
      BASE: {},
      RULED: { bonus: 'days:14 days:3', accumulation: 'months:1' },
      LATE: { bonus: 'days:5 none operation' },
    },
  });
  await addCard(infobase, { number: 'A' });
  await addCard(infobase, { number: 'R', kindCode: 'RULED' });
  await addCard(infobase, { number: 'L', kindCode: 'LATE' });
  await passNight(infobase, start);
});
afterEach(() => infobase.close());

type GivenRow = Partial<Omit<DocumentRow, 'sums'>> & Partial<DocumentRow['sums']>;

function rowOf({ bonus = 0, accumulation = 0, receipts = 0, ...rest }: GivenRow, line: number): DocumentRow {
  const blank = { line, cardNumber: 'A', ruleCode: null, writeOffOn: null, creditOn: null, comment: null };
  return { ...blank, sums: { bonus, accumulation, receipts }, ...rest };
}

interface Rest extends Partial<Omit<MakeDocumentRequest, 'sort' | 'rows'>> {
  readonly at?: LocalDateTime;
  readonly isDryRun?: boolean;
}

function make(sort: DocumentSort, rows: readonly GivenRow[], { at = noon, isDryRun = false, ...rest }: Rest = {}) {
  const request = { sort, comment: null, ...rest, rows: rows.map((row, index) => rowOf(row, index + 1)) };
  return makeDocument(infobase, at, request, isDryRun);
}

const accrue = (...rows: readonly GivenRow[]) => make('accrual', rows);
const writeOff = (...rows: readonly GivenRow[]) => make('write-off', rows);

test('a comment beyond a thousand characters is refused, the document whole', async () => {
  const row = { bonus: 1_250, writeOffOn: day('2026-04-01') };
  expect(await make('accrual', [row], { comment: 'я'.repeat(1_000), isDryRun: true })).toMatchObject({ ok: true });
  expect(await make('accrual', [row], { comment: 'я'.repeat(1_001) })).toEqual({
    ok: false,
    field: 'comment',
    why: 'expected 1000 characters at most',
    mistakes: [],
  });
  expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: 0 });
});

test('an accrual raises the balance and makes a row of its write-off date', async () => {
  const outcome = await make('accrual', [{ bonus: 1_250, writeOffOn: day('2026-04-01') }], { comment: 'Подарок' });
  expect(outcome).toMatchObject({
    ok: true,
    document: expect.stringMatching(/^Начисление на дисконтные карты \d{9} от 10\.03\.2026 12:00:00$/),
    lines: [{ cardNumber: 'A', after: { bonus: 1_250, accumulation: 0, receipts: 0 } }],
  });
  expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: 1_250, rows: { bonus: { '2026-04-01': 1_250 } } });
  expect(await listBillingRows(infobase, 'A')).toMatchObject([
    { kind: 'Accrual', origin: 'manual', datedAt: noon, comment: 'Подарок', reason: null, bonusAfter: 1_250 },
  ]);
  expect((await listOperations(infobase, 'A'))[0]).toMatchObject({
    documentKind: 'Accrual',
    bonus: 1_250,
    writeOffAt: '2026-04-01T00:00:00',
    comment: 'Подарок',
  });
});

test.each<[string, GivenRow, Record<string, Record<string, number>>]>([
  ['no rule lives for ever', { cardNumber: 'A', bonus: 1 }, { bonus: { '3999-12-31': 1 } }],
  ["the kind's own rule, its delay aside", { cardNumber: 'R', bonus: 1 }, { bonus: { '2026-03-24': 1 } }],
  [
    "the kind's own rule of each register",
    { cardNumber: 'R', bonus: 1, accumulation: 2, receipts: 3 },
    {
      bonus: { '2026-03-24': 1 },
      accumulation: { '2026-04-10': 2 },
      receipts: { '2026-04-10': 3 },
    },
  ],
  ['a rule given', { bonus: 1, ruleCode: 'bonus days:14 days:3' }, { bonus: { '2026-03-24': 1 } }],
  [
    'a rule given, for its own register alone',
    { cardNumber: 'R', bonus: 1, receipts: 2, ruleCode: 'bonus days:5 none operation' },
    {
      bonus: { '2026-03-15': 1 },
      receipts: { '2026-04-10': 2 },
    },
  ],
  [
    'a date given, for every measure',
    { cardNumber: 'R', bonus: 1, receipts: 2, writeOffOn: day('2026-03-11') },
    {
      bonus: { '2026-03-11': 1 },
      receipts: { '2026-03-11': 2 },
    },
  ],
])('%s', async (_, row, rows) => {
  expect(await accrue(row)).toMatchObject({ ok: true });
  expect((await getAccount(infobase, row.cardNumber ?? 'A')).rows).toMatchObject(rows);
});

test.each<[string, GivenRow, string]>([
  ['a date given', { bonus: 7, creditOn: day('2026-03-12'), writeOffOn: day('2026-03-20') }, '2026-03-12 2026-03-20'],
  ['life from the credit', { cardNumber: 'R', bonus: 7, creditOn: day('2026-03-12') }, '2026-03-12 2026-03-26'],
  ['life from the operation', { cardNumber: 'L', bonus: 7, creditOn: day('2026-03-12') }, '2026-03-12 2026-03-15'],
])('a credit date to come is a pending credit: %s', async (_, row, dates) => {
  const number = row.cardNumber ?? 'A';
  expect(await make('accrual', [row], { comment: 'Акция' })).toMatchObject({
    ok: true,
    lines: [{ after: noMeasures }],
  });
  expect(await getAccount(infobase, number)).toMatchObject({
    bonus: 0,
    rows: { bonus: {} },
    pending: [`bonus 7 ${dates}`],
  });
  expect((await listOperations(infobase, number))[0]?.comment).toBe('Акция; Отложено до 12.03.2026');
  await passNightsTo(infobase, day('2026-03-12'));
  const [, writeOffOn = ''] = dates.split(' ');
  expect(await getAccount(infobase, number)).toMatchObject({
    bonus: 7,
    rows: { bonus: { [writeOffOn]: 7 } },
    pending: [],
  });
  expect(await isInOrder(infobase, number)).toBe(true);
});

test('the source of a pending credit is the document', async () => {
  await accrue({ bonus: 7, creditOn: day('2026-03-12') });
  const outcome = await accrue({ bonus: 7, creditOn: day('2026-03-12') });
  // Two documents, two credits, though everything else is the same.
  expect((await getAccount(infobase, 'A')).pending).toHaveLength(2);
  expect(outcome.ok && outcome.lines[0]?.effect.pending[0]?.source).toMatch(/^D\d+$/);
});

test('a credit date of today is credited at once', async () => {
  await accrue({ bonus: 7, creditOn: start });
  expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: 7, pending: [] });
});

test('rows of one card come together in one line, with what each says', async () => {
  const rows = [
    { bonus: 5, comment: 'раз', writeOffOn: day('2026-04-01') },
    { cardNumber: 'R', bonus: 1 },
    { bonus: 6, comment: 'два', writeOffOn: day('2026-04-01') },
    { bonus: 7, comment: 'раз', writeOffOn: day('2026-05-01') },
  ];
  const outcome = await make('accrual', rows, { comment: 'Акция' });
  expect(outcome.ok && outcome.lines.map(({ cardNumber, after }) => [cardNumber, after.bonus])).toEqual([
    ['A', 18],
    ['R', 1],
  ]);
  expect((await getAccount(infobase, 'A')).rows.bonus).toEqual({ '2026-04-01': 11, '2026-05-01': 7 });
  expect(await listBillingRows(infobase, 'A')).toMatchObject([{ reason: 'Акция; раз; два', bonus: 18 }]);
});

test('a write-off lowers the balance and leaves the rows as they are', async () => {
  await accrue({ cardNumber: 'R', bonus: 100, accumulation: 1_000, receipts: 3 });
  const outcome = await writeOff({ cardNumber: 'R', bonus: 40, accumulation: 1_000, receipts: 1 });
  expect(outcome).toMatchObject({ ok: true, lines: [{ after: { bonus: 60, accumulation: 0, receipts: 2 } }] });
  expect(await getAccount(infobase, 'R')).toMatchObject({
    bonus: 60,
    rows: { bonus: { '2026-03-24': 100 }, accumulation: { '2026-04-10': 1_000 } },
  });
  // The night takes what is above what is covered: nothing here until the term, then what is left.
  await passNightsTo(infobase, day('2026-03-23'));
  expect((await getAccount(infobase, 'R')).bonus).toBe(60);
  await passNight(infobase, day('2026-03-24'));
  expect((await getAccount(infobase, 'R')).bonus).toBe(0);
  expect(await isInOrder(infobase, 'R')).toBe(true);
});

test('more than is available is written off only as a debt that is allowed', async () => {
  await accrue({ bonus: 100, receipts: 1 });
  await reserve(
    infobase,
    buildReserve(buildSale({ cardNumber: 'A', receiptAt: noon, bonusRedeemedKopecks: 30 })),
    noon,
  );
  expect(await writeOff({ bonus: 71, receipts: 2 })).toEqual({
    ok: false,
    why: null,
    mistakes: [
      { line: 1, field: 'bonus', value: '0.71', why: 'only 0.7 is available; a debt must be allowed' },
      { line: 1, field: 'receipts', value: '2', why: 'only 1 is available; a debt must be allowed' },
    ],
  });
  // The rows of a file take from one balance.
  expect(await writeOff({ bonus: 60 }, { bonus: 11 })).toMatchObject({ mistakes: [{ line: 2, field: 'bonus' }] });
  expect(await writeOff({ bonus: 60 }, { bonus: 10 })).toMatchObject({ ok: true });
  expect(await make('write-off', [{ bonus: 500 }], { mayOwe: true })).toMatchObject({
    lines: [{ after: { bonus: -470 } }],
  });
  await passNight(infobase, day('2026-03-11'));
  expect((await getAccount(infobase, 'A')).bonus).toBe(-470);
  expect(await isInOrder(infobase, 'A')).toBe(true);
});

test.each<[string, GivenRow, string, string]>([
  ['an unknown card', { cardNumber: 'X', bonus: 1 }, 'card', 'there is no card of this number'],
  ['an unknown rule', { bonus: 1, ruleCode: 'X' }, 'rule', 'there is no such rule of life'],
  [
    'a rule of a register left alone',
    { bonus: 1, ruleCode: 'accumulation months:1' },
    'rule',
    'which the row does not change',
  ],
  ['a write-off date of today', { bonus: 1, writeOffOn: start }, 'writeOffDate', 'not after today, 2026-03-10'],
  ['a write-off date in the past', { bonus: 1, writeOffOn: day('2025-01-01') }, 'writeOffDate', 'not after today'],
  ['a credit date in the past', { bonus: 1, creditOn: day('2026-03-09') }, 'creditDate', 'it is earlier than today,'],
  [
    'a credit that would only burn',
    { bonus: 1, creditOn: day('2026-03-20'), writeOffOn: day('2026-03-20') },
    'writeOffDate',
    'not after the credit date, 2026-03-20',
  ],
  [
    "a credit that the kind's rule would only burn",
    { cardNumber: 'L', bonus: 1, creditOn: day('2026-03-15') },
    'card',
    'gives 2026-03-15, which is not after the credit date',
  ],
  [
    'a credit that a rule would only burn',
    { bonus: 1, ruleCode: 'bonus days:5 none operation', creditOn: day('2026-03-16') },
    'rule',
    'gives 2026-03-15, which is not after the credit date',
  ],
])('%s is refused, and nothing is posted', async (_, row, field, why) => {
  const outcome = await accrue({ bonus: 1 }, row);
  expect(outcome).toEqual({
    ok: false,
    why: null,
    mistakes: [{ line: 2, field, value: expect.anything(), why: expect.stringContaining(why) }],
  });
  expect(await listBillingRows(infobase, 'A')).toEqual([]);
});

test('a fixed date that has come gives nothing', async () => {
  await addRuledKind(infobase, 'OLD', { bonus: 'fixed_date:2026-03-10' });
  await addCard(infobase, { number: 'O', kindCode: 'OLD' });
  expect(await accrue({ cardNumber: 'O', bonus: 1 })).toMatchObject({ mistakes: [{ field: 'card' }] });
});

test('what a register could not hold is refused, pending credits counted', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  await accrue({ bonus: most - 10 });
  expect(await accrue({ bonus: 11 })).toMatchObject({ mistakes: [{ field: 'bonus' }] });
  expect(await accrue({ bonus: 6, creditOn: day('2026-03-12') })).toMatchObject({ ok: true });
  expect(await accrue({ bonus: 6, creditOn: day('2026-03-13') })).toMatchObject({ mistakes: [{ field: 'bonus' }] });
  expect(await accrue({ bonus: 4 })).toMatchObject({ ok: true });
  await passNightsTo(infobase, day('2026-03-12'));
  expect((await getAccount(infobase, 'A')).bonus).toBe(most);
});

test('every bad row is reported, and a dry run posts nothing', async () => {
  const rows = [
    { bonus: 1 },
    { cardNumber: 'X', bonus: 1 },
    { bonus: 1, ruleCode: 'X' },
    { cardNumber: 'Y', bonus: 1 },
  ];
  const outcome = await accrue(...rows);
  expect(!outcome.ok && outcome.mistakes.map(({ line }) => line)).toEqual([2, 3, 4]);
  const dry = await make('accrual', [{ bonus: 5 }], { isDryRun: true });
  expect(dry).toMatchObject({ ok: true, document: null, lines: [{ after: { bonus: 5 } }] });
  expect(await listBillingRows(infobase, 'A')).toEqual([]);
});

test('no rows, or too many, are no document', async () => {
  expect(await accrue()).toMatchObject({ ok: false, why: 'the document has no rows' });
  const many = Array.from({ length: documentLimit + 1 }, () => ({ bonus: 1 }));
  expect(await make('accrual', many)).toMatchObject({ ok: false, why: expect.stringContaining('at most') });
});

test('while a night is running no document is made: it would be before the night on some cards, after it on others', async () => {
  const on = day('2026-03-11');
  await infobase.db.write((trx) => openNightRun(trx, on, moment('2026-03-11T02:00:00')));
  const refusal = { ok: false, why: expect.stringContaining('the night of 2026-03-11 is on its way') };
  expect(await accrue({ bonus: 1 })).toMatchObject(refusal);
  await passNight(infobase, on);
  expect(await accrue({ bonus: 1, writeOffOn: day('2026-03-12') })).toMatchObject({ ok: true });
});

test.each([['cards'], ['online']])('in stage %s it is refused', async (stage) => {
  await setSetting(infobase, 'stage', stage);
  expect(await accrue({ bonus: 1 })).toMatchObject({ ok: false, why: expect.stringContaining('not in stage billing') });
});

test('without a subscription it is refused in the words of code 9', async () => {
  const other = await openTestInfobase({ hasSubscription: false });
  await setSetting(other, 'stage', 'billing');
  const request = { sort: 'accrual', comment: null, rows: [rowOf({ bonus: 1 }, 1)] } as const;
  expect(await makeDocument(other, noon, request)).toMatchObject({
    ok: false,
    why: 'Нет расширенной подписки: обратитесь к администратору.',
  });
  await other.close();
});

test('a late sale is calculated with the documents that came before it', async () => {
  await accrue({ cardNumber: 'R', bonus: 100 });
  await writeOff({ cardNumber: 'R', bonus: 30 });
  await passNightsTo(infobase, day('2026-03-24'));
  expect((await getAccount(infobase, 'R')).bonus).toBe(0);
  const receiptAt = moment('2026-03-20T12:00:00');
  const late = buildSale({ cardNumber: 'R', receiptAt, bonusRedeemedKopecks: 50, offline: true });
  await upload(infobase, [late], moment('2026-03-24T12:00:00'));
  // 70 were there on the 20th: 50 spent then, so 20 burned and not 70.
  expect((await getAccount(infobase, 'R')).bonus).toBe(0);
  expect(await isInOrder(infobase, 'R')).toBe(true);
});

test('a document of the first day, before its night, is there when the night runs', async () => {
  const fresh = await openBilling({ start, kinds: { BASE: {} } });
  await addCard(fresh, { number: 'A' });
  const request = {
    sort: 'accrual',
    comment: null,
    rows: [rowOf({ bonus: 9, writeOffOn: day('2026-03-11') }, 1)],
  } as const;
  expect(await makeDocument(fresh, noon, request)).toMatchObject({ ok: true });
  expect((await fresh.db.read(findBillingState))?.lastNightOn).toBe('2026-03-09');
  await passNightsTo(fresh, day('2026-03-11'));
  expect((await getAccount(fresh, 'A')).bonus).toBe(0);
  expect(await isInOrder(fresh, 'A')).toBe(true);
  await fresh.close();
});

test('receipts go on from what a document has left', async () => {
  await accrue({ bonus: 100 });
  const sale = buildSale({ cardNumber: 'A', receiptAt: noon, bonusRedeemedKopecks: 100 });
  expect((await register(infobase, sale, noon)).code).toBe(0);
  expect(await writeOff({ bonus: 1 })).toMatchObject({ ok: false });
});
