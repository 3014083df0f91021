// Why a night took something from a card, in one line for people: the balance, what of it does not burn yet, and which
// accruals ran out (domain 5).
import type { BillingHistoryRow } from '../db/billing-register.ts';
import type { Trx } from '../db/db.ts';
import { listRunOut, type RunOutRow } from '../db/run-out.ts';
import { measureNames, type MeasureName } from '../ledger/account.ts';
import { dateOf, formatForPeople } from '../ledger/local-date-time.ts';
import { formatRubles } from '../ledger/money.ts';
import { nameDocument } from './operation-reply.ts';

const measureTexts: Readonly<Record<MeasureName, string>> = {
  bonus: 'бонусы',
  accumulation: 'накопление',
  receipts: 'чеки',
};

/** Rows named in full; of more, the rest is counted. */
const namedRows = 5;

/** The row with its reason told, where it is a line of the night's «Списание»; any other as it is. */
export async function explainWriteOff(trx: Trx, cardId: number, row: BillingHistoryRow): Promise<BillingHistoryRow> {
  if (row.documentKind !== 'WriteOff' || row.origin !== 'night') return row;
  const runOut = await listRunOut(trx, cardId, dateOf(row.datedAt));
  const parts = measureNames.flatMap((measure) => (row[measure] < 0 ? [explainMeasure(measure, row, runOut)] : []));
  return { ...row, comment: [row.comment ?? '', ...parts].join('; ') };
}

/** "бонусы 100: остаток 100, не сгорает 0, истекли: 100 (чек 5, касса K-01, 01.11.2026)" */
function explainMeasure(measure: MeasureName, row: BillingHistoryRow, runOut: readonly RunOutRow[]): string {
  const format = (amount: number): string => (measure === 'receipts' ? String(amount) : formatRubles(amount));
  const taken = -row[measure];
  const covered = row.covered[measure] ?? 0;
  const rows = runOut.filter((one) => one[measure] !== 0);
  const named = rows.slice(0, namedRows).map((one) => `${format(one[measure])} (${nameRow(one)})`);
  if (rows.length > named.length) named.push(`ещё ${rows.length - named.length}`);
  const why = `остаток ${format(taken + Math.max(0, covered))}, не сгорает ${format(covered)}`;
  // What is spent from the newest accruals leaves the older ones' burning to a later night, so none may stand here.
  return `${measureTexts[measure]} ${format(taken)}: ${why}${named.length === 0 ? '' : `, истекли: ${named.join(', ')}`}`;
}

function nameRow({ kkm, receiptNumber, datedAt, documentKind, billingDocumentId }: RunOutRow): string {
  return kkm === null
    ? nameDocument(documentKind, billingDocumentId, datedAt)
    : `чек ${receiptNumber}, касса ${kkm}, ${formatForPeople(datedAt).slice(0, 10)}`;
}
