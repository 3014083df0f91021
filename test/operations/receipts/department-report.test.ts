// «Отчет отдела»: made and extended by whatever brings receipts of a shift, with links to its receipts and, while billing is
// on, to the documents of billing that follow from them.
import { statement } from '../../../src/db/statement.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import {
  listDepartmentReports,
  showDepartmentReport,
} from '../../../src/operations/receipts/list-department-reports.ts';
import { openBilling } from '../billing/testing-billing.ts';
import {
  addCard,
  buildCancel,
  buildSale,
  cancel,
  moment,
  openTestInfobase,
  register,
  upload,
} from '../testing-infobase.ts';

let infobase: Infobase;
afterEach(() => infobase.close());

const everything = {
  kkm: undefined,
  shiftNumber: undefined,
  from: '0001-01-01' as LocalDate,
  to: '9999-12-31' as LocalDate,
};

async function listReports() {
  const reports = [];
  for await (const report of listDepartmentReports(infobase, everything)) {
    reports.push(await showDepartmentReport(infobase, report));
  }
  return reports;
}

async function openOnline(): Promise<void> {
  infobase = await openTestInfobase();
  await addCard(infobase);
}

test('the online road makes no report', async () => {
  await openOnline();
  await register(infobase, buildSale());
  expect(await listReports()).toEqual([]);
});

test('one for each till, shift and date, extended by what comes later', async () => {
  await openOnline();
  const dayAfter = moment('2026-11-23T00:10:00');
  await upload(infobase, [buildSale(), buildSale({ receiptNumber: 2, shiftNumber: 2 })]);
  await upload(
    infobase,
    [buildSale({ receiptNumber: 3 }), buildSale({ receiptNumber: 4, receiptAt: dayAfter })],
    dayAfter,
  );
  expect(await listReports()).toMatchObject([
    { shiftNumber: 1, reportOn: '2026-11-22', receipts: 2, sumKopecks: 20_000, changedAt: dayAfter, fromUpload: 2 },
    { shiftNumber: 2, reportOn: '2026-11-22', receipts: 1 },
    { shiftNumber: 1, reportOn: '2026-11-23', receipts: 1, receivedAt: dayAfter },
  ]);
});

test('a linked, a refused and a cancelled receipt are in it too', async () => {
  await openOnline();
  const [linked, cancelled] = [buildSale(), buildSale({ receiptNumber: 2 })];
  await register(infobase, linked);
  await register(infobase, cancelled);
  await cancel(infobase, buildCancel(cancelled));
  await upload(infobase, [linked, cancelled, buildSale({ receiptNumber: 3, cardNumber: '000' })]);
  const [report] = await listReports();
  expect(report).toMatchObject({ receipts: 3, refused: 2, sumKopecks: 10_000 });
  expect(report?.lines).toMatchObject([
    { receiptNumber: 1, road: 'online', code: 0, isRefused: false },
    { receiptNumber: 2, road: 'online', code: 14, isRefused: true, state: 'cancelled' },
    { receiptNumber: 3, receiptId: null, code: 1, isRefused: true, documents: [] },
  ]);
});

const forgetBilling = statement((knex) => knex('billing_document').update({ receipt_id: null }));

test('links to documents of billing come through the receipt, and go with them', async () => {
  infobase = await openBilling({ kinds: { BASE: { bonus: 'months:6' } } });
  await addCard(infobase);
  await upload(infobase, [buildSale({ bonusAccruedKopecks: 500 })]);
  expect((await listReports())[0]?.lines).toMatchObject([
    {
      documents: [expect.stringMatching(/^Операция ТП /)],
      billingDocuments: [expect.stringMatching(/^Операция ТП /)],
    },
  ]);
  await infobase.db.write((trx) => trx.change(forgetBilling, {}));
  expect((await listReports())[0]?.lines).toMatchObject([
    { documents: [expect.stringMatching(/^Операция ТП /)], billingDocuments: [] },
  ]);
});
