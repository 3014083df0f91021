// What is wrong in a table file, and where.

/** Mistakes that the operator can do something about: each door says what. */
export type MistakeReason =
  | 'no_header'
  | 'unknown_column'
  | 'missing_column'
  | 'mapped_column'
  | 'foot_differs'
  | 'debt'
  | 'known_card'
  | 'unknown_card'
  | 'no_kind';

/** What is wrong in a file, and where. */
export interface TableMistake {
  readonly line: number;
  /** The column's name as the file has it; null where the line as a whole is at fault. */
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
  readonly reason?: MistakeReason;
}
