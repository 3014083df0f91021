// A row of a report as machines get it, and the place to go on after.
export interface ReportRow {
  /** A page that begins after it begins with the next row. Rows that belong together have one. */
  readonly cursor: string;
  /** Sums are exact text. */
  readonly row: object;
}

export type ReportRows = AsyncGenerator<readonly ReportRow[]>;
