// Brings in opening balances from the rows of a file: staged and judged without a lock of the infobase, then posted as one
// document in one transaction with the control totals of the file, or not at all.
import type { Trx } from '../../db/db.ts';
import {
  closeImportStage,
  judgeStage,
  openImportStage,
  sumStage,
  type StageTotals,
} from '../../db/opening/import-stage.ts';
import { countOf } from '../../ledger/count-of.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { RegisterOverflow } from '../../ledger/measures.ts';
import { formatSum } from '../../ledger/money.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import { HeaderMistakes } from '../../tables/table-header.ts';
import type { LeftOut } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';
import type { Infobase } from '../infobase.ts';
import { rehearse } from '../rehearse.ts';
import { checkOpenings, ImportRefused, loadGround, type CardOfOpening, type Ground } from './opening-ground.ts';
import type { ExpectedTotals, ImportField, ImportOpeningRequest } from './opening-request.ts';
import { nameOpening, postOpening } from './post-opening.ts';
import { OpeningSheet } from './read-opening-sheet.ts';
import { reportOpeningMistakes } from './report-opening-mistakes.ts';
import { stageOpeningRows } from './stage-opening-rows.ts';

export interface ImportWatch {
  /** Awaited, so that a file of mistakes is written no slower than they come. */
  readonly onMistakes: (mistakes: readonly TableMistake[]) => Promise<void>;
  readonly onProgress: (work: { readonly rows: number; readonly step: 'reading' | 'judging' | 'posting' }) => void;
}

export type ImportOpeningOutcome =
  | {
      readonly ok: true;
      readonly totals: StageTotals;
      readonly badRows: number;
      readonly leftOut: LeftOut;
      /** The number of the import; null in a dry run. */
      readonly number: number | null;
      /** How people call it; null in a dry run. */
      readonly document: string | null;
      readonly documentId: number | null;
    }
  | {
      readonly ok: false;
      /** What of the request stands in the way; null where no other request would be taken. */
      readonly field: ImportField | null;
      readonly why: string;
      readonly badRows: number;
      readonly totals: StageTotals | null;
      /** Null where the file was not read to its end. */
      readonly leftOut: LeftOut | null;
      /** The first cards of the file that stand in an opening document already, where that is why. */
      readonly standing: readonly CardOfOpening[];
    };

export async function importOpening(
  infobase: Infobase,
  now: LocalDateTime,
  request: ImportOpeningRequest,
  rows: AsyncIterable<readonly TableRow[]>,
  watch: ImportWatch,
): Promise<ImportOpeningOutcome> {
  const found: Found = { rows: 0, badRows: 0, totals: null, leftOut: null };
  let isOpen = false;
  try {
    const ground = await infobase.db.read((trx) => loadGround(trx, infobase, now, request));
    await infobase.db.stage(openImportStage);
    isOpen = true;
    const posted = await judgeRows(infobase, request, ground, rows, watch, found);
    watch.onProgress({ rows: found.rows, step: 'posting' });
    const work = (trx: Trx) => postOpening(trx, infobase, now, request, ground, posted);
    if (request.isDryRun) {
      await rehearse(infobase, work);
      return { ok: true, ...posted, number: null, documentId: null, document: null };
    }
    const { number, documentId } = await infobase.db.write(work);
    return { ok: true, ...posted, number, documentId, document: nameOpening(request, documentId, now) };
  } catch (reason) {
    if (reason instanceof HeaderMistakes) await watch.onMistakes(reason.mistakes);
    const { field, message: why, standing } = asRefused(reason);
    const { badRows, totals, leftOut } = found;
    return { ok: false, field, why, badRows, totals, leftOut, standing };
  } finally {
    if (isOpen) await infobase.db.stage(closeImportStage);
  }
}

/** What is known of the file so far: it is reported where the file is refused as well. */
interface Found {
  rows: number;
  badRows: number;
  totals: StageTotals | null;
  leftOut: LeftOut | null;
}

interface Judged {
  readonly totals: StageTotals;
  readonly badRows: number;
  readonly leftOut: LeftOut;
}

/**
 * Reads the rows into the stage and judges them there.
 * @throws ImportRefused, HeaderMistakes, UnreadableTable
 */
async function judgeRows(
  infobase: Infobase,
  request: ImportOpeningRequest,
  { kinds, lastNightOn, terms, openings }: Ground,
  rows: AsyncIterable<readonly TableRow[]>,
  watch: ImportWatch,
  found: Found,
): Promise<Judged> {
  const { mayCreate, mayOwe = false, kindCode, columns } = request;
  const mayHaveWriteOffDate = lastNightOn !== undefined;
  const sheet = new OpeningSheet({ ...columns, kinds, kindCode, mayHaveWriteOffDate, mayOwe });
  const onRows = (count: number): void => watch.onProgress({ rows: count, step: 'reading' });
  const read = await stageOpeningRows(infobase, sheet, rows, onRows);
  const { leftOut } = sheet.reader;
  Object.assign(found, { rows: read.rows, leftOut });
  watch.onProgress({ rows: read.rows, step: 'judging' });
  const billing = lastNightOn === undefined ? undefined : { lastNightOn, terms };
  await infobase.db.stage((trx) => judgeStage(trx, { mayCreate, mayOwe, billing }));
  const badRows = read.badRows + (await reportOpeningMistakes(infobase, sheet, lastNightOn, watch.onMistakes));
  const totals = await infobase.db.stage(sumStage);
  Object.assign(found, { badRows, totals });
  if (sheet.reader.footMistakes.length > 0) throw new ImportRefused(null, 'a foot row is not the sum of the rows');
  if (badRows > 0 && !request.mayLeaveOut) {
    const why = `${badRows} of ${countOf(read.rows, 'row')} ${badRows === 1 ? 'is' : 'are'} bad`;
    throw new ImportRefused('mayLeaveOut', why);
  }
  checkTotals(totals, request.expected);
  if (openings.length > 0) await checkOpenings(infobase, request.kind);
  return { totals, badRows, leftOut };
}

/** @throws what is not a refusal. */
function asRefused(reason: unknown): ImportRefused {
  if (reason instanceof ImportRefused) return reason;
  if (reason instanceof HeaderMistakes) return new ImportRefused(null, 'the columns of the file cannot be read');
  // A receipt has come since the rows were judged.
  if (reason instanceof RegisterOverflow) return new ImportRefused(null, `${reason.message}: import it again`);
  throw reason;
}

function checkTotals(totals: StageTotals, expected: ExpectedTotals): void {
  if (!Object.values(totals).every(Number.isSafeInteger)) {
    throw new ImportRefused(null, 'the totals are larger than can be stored');
  }
  const wrong = (['rows', 'cards', 'bonus', 'accumulation', 'receipts'] as const).filter(
    (figure) => expected[figure] !== undefined && expected[figure] !== totals[figure],
  );
  if (wrong.length > 0) throw new TotalsDiffer(wrong, totals, expected);
  if (totals.rows === 0) throw new ImportRefused(null, 'the file has no rows to bring in');
}

/** Says every figure that is not as expected. */
class TotalsDiffer extends ImportRefused {
  constructor(figures: readonly (keyof ExpectedTotals)[], totals: StageTotals, expected: ExpectedTotals) {
    const wrong = figures.map(
      (figure) => `${figure} ${show(figure, totals[figure])}, expected ${show(figure, expected[figure])}`,
    );
    super('expected', `the totals are not as expected: ${wrong.join('; ')}`);
  }
}

function show(figure: keyof ExpectedTotals, value = 0): string {
  return figure === 'bonus' || figure === 'accumulation' ? formatSum(value) : String(value);
}
