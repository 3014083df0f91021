// What an operator asks for when opening balances are brought in, and what of it can stand in the way.
import { openingKinds, type OpeningKind } from '../../db/opening/import-run.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { OpeningSheetOptions } from './read-opening-sheet.ts';

export { openingKinds, type OpeningKind };

/** What the operator expects the totals of the file to be; sums in kopecks. */
export type ExpectedTotals = Readonly<
  Partial<Record<'rows' | 'cards' | 'bonus' | 'accumulation' | 'receipts', number>>
>;

export interface ImportOpeningRequest {
  readonly kind: OpeningKind;
  readonly file: { readonly name: string; readonly sha256: string };
  /** The document's date, today or before; lives are counted from it. */
  readonly datedOn: LocalDate;
  readonly mayCreate: boolean;
  /** Sums below zero come in as debts; otherwise they are bad rows. */
  readonly mayOwe?: boolean;
  /** Of new cards whose rows name none. */
  readonly kindCode: string | null;
  readonly columns: Pick<OpeningSheetOptions, 'mapping' | 'ignoredColumns' | 'hasSerialDates'>;
  readonly expected: ExpectedTotals;
  /** A file that was imported before may be again, on top of itself. */
  readonly isForced: boolean;
  /** Cards that stand in an opening document of that kind already may get more. */
  readonly mayAdd: boolean;
  /** Bad rows are left out instead of refusing the file. */
  readonly mayLeaveOut: boolean;
  readonly isDryRun: boolean;
  /** Who brings it in, as the door names its users. */
  readonly madeBy: string;
}

export type ImportField = 'kind' | 'datedOn' | 'kindCode' | 'expected' | 'isForced' | 'mayAdd' | 'mayLeaveOut';
