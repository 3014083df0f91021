// A row of a table file, CSV or XLSX, as its reader gives it.

export interface TableRow {
  /** The line of the file the row begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Set where the text of the row is not a row. */
  readonly why?: string;
  readonly troubles?: readonly CellTrouble[];
}

/** A cell that has no value to be read. */
export interface CellTrouble {
  readonly place: number;
  readonly why: string;
}
