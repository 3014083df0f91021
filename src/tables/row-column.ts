// A column of rows that are written to a file: where its value stands in a row, and what it is.

export interface RowColumn {
  /** The header of CSV. */
  readonly name: string;
  /** The header of XLSX, for people. */
  readonly title: string;
  /** A sum is exact text: "1234.50". A count is a whole number, as such or as text. */
  readonly sort: 'text' | 'sum' | 'count';
  /** The names of the fields that lead to it; its own name where it is left out. */
  readonly path?: readonly string[];
}

export type Cell = string | number | null;

/** Null where the row has no such value; several are joined by commas. */
export function readCellOf(row: object, { name, path = [name] }: RowColumn): Cell {
  let value: unknown = row;
  for (const field of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Readonly<Record<string, unknown>>)[field];
  }
  if (typeof value === 'string' || typeof value === 'number') return value;
  return Array.isArray(value) ? value.join(', ') : null;
}
