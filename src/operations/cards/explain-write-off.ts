// Why a night took something from a card, in one line for people: the balance, what of it does not burn yet, and which
// accruals ran out.
import type { BillingHistoryRow } from '../../db/billing/billing-history.ts';
import type { Trx } from '../../db/db.ts';
import { listKeptNights } from '../../db/night/night-hold.ts';
import { listRunOut, type RunOutRow } from '../../db/night/run-out.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import { addDays, dateOf, formatForPeople } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { formatRubles, type Kopecks } from '../../ledger/money.ts';
import { measureTexts } from '../billing/measure-texts.ts';
import { nameDocument } from '../operation-reply.ts';

/** Rows named in full; of more, the rest is counted. */
const namedRows = 5;

/** A movement of «Остатки» with what says that a night has made it. */
interface ExplainedRow extends Measures, Pick<BillingHistoryRow, 'datedAt' | 'comment' | 'covered'> {
  readonly documentKind: string;
  readonly origin: string | null;
}

/** The row with its reason, where it is a line of the night's «Списание»; any other as it is. */
export async function explainWriteOff<Row extends ExplainedRow>(trx: Trx, cardId: number, row: Row): Promise<Row> {
  if (row.documentKind !== 'WriteOff' || row.origin !== 'night') return row;
  const on = dateOf(row.datedAt);
  const kept = await listKeptNights(trx, cardId);
  let sinceOn = on;
  while (kept.has(addDays(sinceOn, -1))) sinceOn = addDays(sinceOn, -1);
  const holds = { now: kept.get(on) ?? 0, before: kept.get(addDays(on, -1)) ?? 0 };
  const own = await listRunOut(trx, cardId, on, on);
  // What earlier nights left to holds of the bonus is taken now.
  const ofBonus = sinceOn === on ? own : await listRunOut(trx, cardId, on, sinceOn);
  const parts = measureNames.flatMap((measure) => {
    if (row[measure] >= 0) return [];
    return [measure === 'bonus' ? explainMeasure(measure, row, ofBonus, holds) : explainMeasure(measure, row, own)];
  });
  return { ...row, comment: [row.comment ?? '', ...parts].join('; ') };
}

/** What the night, and the one before it, left to holds. */
interface LeftForHolds {
  readonly now: Kopecks;
  readonly before: Kopecks;
}

/** "бонусы 100: остаток 100, не сгорает 0, истекли: 100 (чек 5, касса K-01, 01.11.2026)" */
function explainMeasure(
  measure: MeasureName,
  row: ExplainedRow,
  runOut: readonly RunOutRow[],
  holds: LeftForHolds = { now: 0, before: 0 },
): string {
  const format = (amount: number): string => (measure === 'receipts' ? String(amount) : formatRubles(amount));
  const taken = -row[measure];
  const covered = row.covered[measure] ?? 0;
  const rows = runOut.filter((one) => one[measure] !== 0);
  const named = rows.slice(0, namedRows).map((one) => `${format(one[measure])} (${nameRow(one)})`);
  if (rows.length > named.length) named.push(`ещё ${rows.length - named.length}`);
  const balance = taken + Math.max(0, covered) + holds.now;
  const why = [`остаток ${format(balance)}`, `не сгорает ${format(covered)}`];
  if (holds.now > 0) why.push(`оставлено под резерв ${format(holds.now)}`);
  if (holds.before > 0) why.push(`прошлой ночью под резерв оставлено ${format(holds.before)}`);
  // What is spent from the newest accruals leaves the older ones' burning to a later night, so none may stand here.
  if (named.length > 0) why.push(`истекли: ${named.join(', ')}`);
  return `${measureTexts[measure]} ${format(taken)}: ${why.join(', ')}`;
}

function nameRow({ kkm, receiptNumber, datedAt, documentKind, billingDocumentId }: RunOutRow): string {
  return kkm === null
    ? nameDocument(documentKind, billingDocumentId, datedAt)
    : `чек ${receiptNumber}, касса ${kkm}, ${formatForPeople(datedAt).slice(0, 10)}`;
}
