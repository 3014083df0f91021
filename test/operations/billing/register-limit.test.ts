// Sums that come near what a register keeps exactly, 2^53 - 1: whoever would pass it is answered 11 with the field, nothing
// moves, and the nights that come go on.
import returns from '../../../fixtures/ledger/returns.json';
import { statement } from '../../../src/db/statement.ts';
import { formatRubles } from '../../../src/ledger/money.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { importOpening } from '../../../src/operations/opening/import-opening.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { makeDocument, type MakeDocumentOutcome } from '../../../src/operations/billing/make-document.ts';
import type { OperationReply } from '../../../src/operations/operation-reply.ts';
import { readBillingStatus } from '../../../src/operations/enabling/read-billing-status.ts';
import {
  readDocumentRow,
  type DocumentRow,
  type DocumentSort,
} from '../../../src/operations/billing/read-document-sheet.ts';
import {
  addCard,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  moment,
  openTestInfobase,
  register,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { enable, openOnline } from '../enabling/testing-enabling.ts';
import {
  addRuledKind,
  day,
  getAccount,
  isInOrder,
  listBillingRows,
  openBilling,
  passNight,
  passNightsTo,
} from './testing-billing.ts';

/** 9999999999999.99: the greatest sum of a request. Nine of them fit into a register. */
const greatest = 999_999_999_999_999;
const limit = Number.MAX_SAFE_INTEGER;

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

const at = (on: string, time = '10:00:00') => moment(`${on}T${time}`);
const sale = (receiptNumber: number, on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: at(on), ...fields });

async function open(bonus: string): Promise<Infobase> {
  const infobase = await openBilling({ kinds: { K: { bonus } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  return infobase;
}

/** What the infobase has of the card, in both registers. */
async function look(infobase: Infobase): Promise<object> {
  const rows = await listBillingRows(infobase, 'C');
  return { account: await getAccount(infobase, 'C'), balance: await getBalance(infobase, 'C'), rows: rows.length };
}

async function expectRefused(infobase: Infobase, call: () => Promise<OperationReply>, field: string): Promise<void> {
  const before = await look(infobase);
  expect(await call()).toMatchObject({ code: 11, trouble: { field }, document: null });
  expect(await look(infobase)).toEqual(before);
  expect(await isInOrder(infobase, 'C')).toBe(true);
}

test('R13: nine delayed accruals of the greatest sum are taken, the tenth is answered 11', async () => {
  expect(returns.cases.find(({ id }) => id === 'R13')?.expect).toEqual({ codes: 'nine times 0, then 11' });
  const infobase = await open('days:30 days:2');
  for (let number = 1; number <= 9; number += 1) {
    const taken = await register(
      infobase,
      sale(number, '2021-01-01', { bonusAccruedKopecks: greatest }),
      at('2021-01-01'),
    );
    expect([number, taken.code]).toEqual([number, 0]);
  }
  const tenth = sale(10, '2021-01-01', { bonusAccruedKopecks: greatest });
  await expectRefused(infobase, () => register(infobase, tenth, at('2021-01-01')), 'bonusAccruedKopecks');
  expect(await showCard(infobase, 'C', at('2021-01-01'))).toMatchObject({ code: 0, bonusPending: 9 * greatest });
  // The same receipt without the bonus is recorded: the refusal has left nothing of it.
  expect(await register(infobase, { ...tenth, bonusAccruedKopecks: 0 }, at('2021-01-01'))).toMatchObject({ code: 0 });
  await passNightsTo(infobase, day('2021-01-04'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 9 * greatest, pending: [] });
  expect(await isInOrder(infobase, 'C')).toBe(true);
});

test('what has burned is still in «Накопления», which is full at the tenth as well', async () => {
  const infobase = await open('days:1');
  for (let number = 1; number <= 9; number += 1) {
    const on = `2021-01-0${number}`;
    await passNightsTo(infobase, day(on));
    await register(infobase, sale(number, on, { bonusAccruedKopecks: greatest }), at(on));
  }
  await passNightsTo(infobase, day('2021-01-10'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0 });
  const tenth = sale(10, '2021-01-10', { bonusAccruedKopecks: greatest });
  await expectRefused(infobase, () => register(infobase, tenth, at('2021-01-10')), 'bonusAccruedKopecks');
});

test('accruals that do not burn yet are added up with what is spent already', async () => {
  const infobase = await open('days:30');
  for (let number = 1; number <= 9; number += 1) {
    const turn = { bonusAccruedKopecks: greatest, bonusRedeemedKopecks: number === 1 ? 0 : greatest };
    await register(infobase, sale(number, '2021-01-01', turn), at('2021-01-01'));
  }
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: greatest });
  const tenth = sale(10, '2021-01-01', { bonusAccruedKopecks: greatest, bonusRedeemedKopecks: greatest });
  await expectRefused(infobase, () => register(infobase, tenth, at('2021-01-01')), 'bonusAccruedKopecks');
  // The row of another date is within the register; the sum that a night compares with would not be.
  const other = { ...sale(11, '2021-01-02', { bonusAccruedKopecks: greatest, bonusRedeemedKopecks: greatest }) };
  await passNight(infobase, day('2021-01-02'));
  await expectRefused(infobase, () => register(infobase, other, at('2021-01-02')), 'bonusAccruedKopecks');
});

/** A document made by hand on card C. */
function write(infobase: Infobase, sort: DocumentSort, bonus: number): Promise<MakeDocumentOutcome> {
  const row = readDocumentRow(1, { card: 'C', bonus: formatRubles(bonus) }).row as DocumentRow;
  return makeDocument(infobase, at('2021-01-01'), { sort, comment: null, rows: [row] });
}

test('a balance leaves room for what is pending: the night that credits it must not fail', async () => {
  const infobase = await open('days:30 days:2');
  for (let number = 1; number <= 8; number += 1) {
    await register(infobase, sale(number, '2021-01-01', { bonusAccruedKopecks: greatest }), at('2021-01-01'));
  }
  const room = limit - 8 * greatest;
  expect(await write(infobase, 'accrual', room - greatest)).toMatchObject({ ok: true });
  // From now on the kind credits at once.
  await addRuledKind(infobase, 'K', { bonus: 'days:30' });
  const ninth = sale(9, '2021-01-01', { bonusAccruedKopecks: greatest });
  expect(await register(infobase, ninth, at('2021-01-01'))).toMatchObject({ code: 0, bonusBalance: room });
  // «Накопления» has not heard of the document by hand, so there it has room.
  const last = sale(10, '2021-01-01', { bonusAccruedKopecks: 1 });
  await expectRefused(infobase, () => register(infobase, last, at('2021-01-01')), 'bonusAccruedKopecks');
  expect(await write(infobase, 'accrual', 1)).toMatchObject({
    ok: false,
    mistakes: [{ field: 'bonus', why: 'the card would hold more than a register can' }],
  });
  await passNightsTo(infobase, day('2021-01-04'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: limit, pending: [] });
});

test.each(['accumulation', 'receipts'] as const)('the same of the %s', async (measure) => {
  const infobase = await openBilling({ kinds: { K: { accumulation: 'days:30 days:2' } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const field = measure === 'accumulation' ? 'accumulationDeltaKopecks' : 'receiptCountDelta';
  for (let number = 1; number <= 9; number += 1) {
    const taken = await register(infobase, sale(number, '2021-01-01', { [field]: greatest }), at('2021-01-01'));
    expect([number, taken.code]).toEqual([number, 0]);
  }
  const tenth = sale(10, '2021-01-01', { [field]: greatest });
  await expectRefused(infobase, () => register(infobase, tenth, at('2021-01-01')), field);
  await passNightsTo(infobase, day('2021-01-04'));
  expect((await getAccount(infobase, 'C'))[measure]).toBeGreaterThanOrEqual(9 * greatest);
});

const refusedNotes = statement<Record<string, never>, { count: number }>((knex) =>
  knex('department_report_receipt').where('code', 11).count({ count: '*' }),
);

/** An opening balance from a file of one row. */
async function importBonus(infobase: Infobase, bonus: number): Promise<{ ok: boolean; why: string[] }> {
  const why: string[] = [];
  const outcome = await importOpening(
    infobase,
    at('2021-01-01'),
    {
      kind: 'opening-balance',
      file: { name: 'opening.csv', sha256: String(bonus) },
      datedOn: day('2021-01-01'),
      mayCreate: false,
      kindCode: null,
      columns: { mapping: {}, ignoredColumns: [], hasSerialDates: false },
      expected: {},
      isForced: false,
      mayAdd: true,
      madeBy: 'admin',
      mayLeaveOut: false,
      isDryRun: false,
    },
    (async function* () {
      yield [
        { line: 1, cells: ['card', 'bonus'] },
        { line: 2, cells: ['C', formatRubles(bonus)] },
      ];
    })(),
    {
      onMistakes: async (mistakes) => void why.push(...mistakes.map((mistake) => mistake.why)),
      onProgress: () => undefined,
    },
  );
  return { ok: outcome.ok, why };
}

/** In stage online: a debt of the greatest sum, paid off up to what a register can hold. */
async function openFull(): Promise<Infobase> {
  const infobase = await openTestInfobase();
  infobases.push(infobase);
  await addCard(infobase, { number: 'C' });
  await register(infobase, spending, at('2021-01-01'));
  for (let number = 2; number <= 11; number += 1) {
    await register(infobase, sale(number, '2021-01-01', { bonusAccruedKopecks: greatest }), at('2021-01-01'));
  }
  expect(await getBalance(infobase, 'C')).toMatchObject({ bonus: 9 * greatest });
  return infobase;
}
const spending = sale(1, '2021-01-01', { bonusRedeemedKopecks: greatest, offline: true });

test('a cancel that would give too much back is answered 11, and done once there is room', async () => {
  const infobase = await openFull();
  const before = await getBalance(infobase, 'C');
  const undo = buildCancel(spending);
  expect(await cancel(infobase, undo, at('2021-01-01'))).toMatchObject({
    code: 11,
    trouble: { field: 'receiptNumber' },
    document: null,
  });
  expect(await getBalance(infobase, 'C')).toEqual(before);
  await register(infobase, sale(12, '2021-01-01', { bonusRedeemedKopecks: greatest }), at('2021-01-01'));
  expect(await cancel(infobase, undo, at('2021-01-01'))).toMatchObject({ code: 0, duplicate: false });
});

test('a return that would give too much back is answered 11', async () => {
  const infobase = await openFull();
  const before = await getBalance(infobase, 'C');
  const back = buildReturn(spending);
  expect(await register(infobase, back, at('2021-01-01'))).toMatchObject({
    code: 11,
    trouble: { field: 'sumWithDiscountKopecks' },
    bonusBalance: 9 * greatest,
  });
  expect(await getBalance(infobase, 'C')).toEqual(before);
});

test('of an upload the receipt that would pass the limit is refused, and the others are posted in their order', async () => {
  const infobase = await open('days:30 days:2');
  const receipts = Array.from({ length: 12 }, (_, index) =>
    sale(index + 1, '2021-01-01', { bonusAccruedKopecks: index === 4 ? 100 : greatest }),
  );
  const told = await upload(infobase, receipts, at('2021-01-01'));
  expect(told.results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 11]);
  expect(told).toMatchObject({ code: 0, accepted: 10, rejected: 2 });
  expect(told.results[10]).toMatchObject({ trouble: { field: 'bonusAccruedKopecks' } });
  const again = await upload(infobase, receipts, at('2021-01-01'));
  expect(again).toMatchObject({ accepted: 0, linked: 10, rejected: 2 });
  expect(await isInOrder(infobase, 'C')).toBe(true);
  // What was refused is noted beside the report's other receipts, as any refusal is.
  expect(await infobase.db.read((trx) => trx.first(refusedNotes, {}))).toEqual({ count: 2 });
});

test('a report that would win over an online call is refused, too', async () => {
  const infobase = await open('days:30 days:2');
  for (let number = 1; number <= 9; number += 1) {
    const bonusAccruedKopecks = number === 1 ? 100 : greatest;
    await register(infobase, sale(number, '2021-01-01', { bonusAccruedKopecks }), at('2021-01-01'));
  }
  await addRuledKind(infobase, 'K', { bonus: 'days:30' });
  expect(await write(infobase, 'accrual', greatest)).toMatchObject({ ok: true });
  const report = sale(1, '2021-01-01', { bonusAccruedKopecks: greatest });
  const before = await look(infobase);
  const { results } = await upload(infobase, [report], at('2021-01-01'));
  expect(results).toMatchObject([{ code: 11, trouble: { field: 'bonusAccruedKopecks' } }]);
  expect(await look(infobase)).toEqual(before);
});

test('an opening balance leaves room for what is pending', async () => {
  const infobase = await open('days:30 days:2');
  for (let number = 1; number <= 8; number += 1) {
    await register(infobase, sale(number, '2021-01-01', { bonusAccruedKopecks: greatest }), at('2021-01-01'));
  }
  const room = limit - 8 * greatest;
  expect(await write(infobase, 'accrual', greatest)).toMatchObject({ ok: true });
  expect(await write(infobase, 'accrual', room - greatest - 100)).toMatchObject({ ok: true });
  const bring = (bonus: number) => importBonus(infobase, bonus);
  expect(await bring(101)).toEqual({ ok: false, why: ['the card would hold more than a register can'] });
  expect(await bring(100)).toEqual({ ok: true, why: [] });
  await passNightsTo(infobase, day('2021-01-04'));
  expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: limit, pending: [] });
});

test('a document that billing cannot hold is listed as failed when billing is switched on, with the reason', async () => {
  const infobase = await openOnline({ K: { bonus: 'days:30' } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  for (let number = 1; number <= 10; number += 1) {
    const bonusRedeemedKopecks = number === 1 ? 0 : greatest;
    const turn = { bonusAccruedKopecks: greatest, bonusRedeemedKopecks };
    await register(infobase, sale(number, '2021-01-01', turn), at('2021-01-01'));
  }
  expect(await enable(infobase, day('2021-01-01'), day('2021-01-02'))).toEqual({ code: 'failed' });
  const status = await readBillingStatus(infobase, at('2021-01-02'), { limit: 5, nightTime: '02:00:00', nowMs: 0 });
  expect(status.enabling?.failed).toMatchObject([{ why: 'the card would hold more than a register can: bonus' }]);
});
