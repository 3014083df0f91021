// Reports of what stands in the books as it is: shift reports, receipts with flags, cards that owe.
import { listTills } from '../../db/catalogs/shop.ts';
import { formatSum } from '../../ledger/money.ts';
import { listDebts, type CardDebt } from '../cards/list-debts.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import { listDepartmentReports, type DepartmentReport } from '../receipts/list-department-reports.ts';
import { listFlaggedReceipts, type FlaggedReceipt } from '../receipts/list-flagged-receipts.ts';
import type { ReportRow, ReportRows } from './report-row.ts';
import type { Scope } from './report-scope.ts';

const rowsPerTurn = 100;

/** Of the tills that stand in the scope's shop now. */
export async function* readDepartmentReports(infobase: Infobase, scope: Scope, afterId: number): ReportRows {
  const tills = await infobase.db.read(listTills);
  const shops = new Map(tills.map(({ kkm, shopCode }) => [kkm, shopCode]));
  const filter = { kkm: undefined, shiftNumber: undefined, from: scope.from, to: scope.to };
  let rows: ReportRow[] = [];
  for await (const report of listDepartmentReports(infobase, filter, afterId)) {
    const shopCode = shops.get(report.kkm) ?? null;
    if (scope.shopCode !== null && shopCode !== scope.shopCode) continue;
    rows.push({ cursor: String(report.id), row: showReport(report, shopCode) });
    if (rows.length < rowsPerTurn) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}

function showReport(report: DepartmentReport, shop: string | null): object {
  const { kkm, shiftNumber: shift, reportOn: date, receipts, refused, sumKopecks, receivedAt, changedAt } = report;
  return { kkm, shift, date, shop, receipts, refused, sum: formatSum(sumKopecks), receivedAt, changedAt };
}

/** The latest first. */
export async function* readFlags(
  infobase: Infobase,
  { from, to }: Scope,
  cardNumber: string | null,
  beforeId: number,
): ReportRows {
  const card = cardNumber === null ? {} : { cardNumber };
  const filter = { kkm: undefined, shiftNumber: undefined, from, to, ...card };
  for (let after = beforeId; ;) {
    const { receipts, next } = await listFlaggedReceipts(infobase, filter, { limit: rowsPerTurn, after });
    yield receipts.map((receipt) => ({ cursor: String(receipt.id), row: showFlags(receipt) }));
    if (next === null) return;
    after = next;
    await nextTurn();
  }
}

function showFlags(receipt: FlaggedReceipt): object {
  return {
    id: receipt.id,
    flags: receipt.flags,
    kkm: receipt.kkm,
    shift: receipt.shiftNumber,
    receipt: receipt.receiptNumber,
    date: receipt.receiptAt,
    receiptKind: receipt.kind,
    card: receipt.cardNumber,
    sumWithDiscount: formatSum(receipt.sumWithDiscountKopecks),
    accrued: formatSum(receipt.bonusAccruedKopecks),
    redeemed: formatSum(receipt.bonusRedeemedKopecks),
    state: receipt.state,
  };
}

/** In the order the cards were added. @param after the number of the card that the last page ended with; it is known. */
export async function* readDebts(infobase: Infobase, kindCode: string | null, after: string): ReportRows {
  const kind = kindCode === null ? {} : { kindCode };
  for (let last = after; ;) {
    const place = last === '' ? {} : { after: last };
    const page = await listDebts(infobase, { limit: rowsPerTurn, ...kind, ...place });
    if (!page.ok) throw new Error(page.why);
    yield page.cards.map((card) => ({ cursor: card.number, row: showDebt(card) }));
    if (page.next === null) return;
    last = page.next;
    await nextTurn();
  }
}

function showDebt({ number, kindCode, holder, status, bonus, accumulation, receipts }: CardDebt): object {
  const sums = { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts: String(receipts) };
  return { card: number, kind: kindCode, holder, status, ...sums };
}
