// A look at a table file for a person who says which column is which: its header and the first rows, as they are read.
import { normalizeName, type ColumnNames } from './read-columns.ts';
import type { TableRow } from './table-row.ts';

export interface PreviewedColumn<F extends string> {
  readonly title: string;
  /** The field whose name it has; null for a column of another name. */
  readonly field: F | null;
}

export interface TablePreview<F extends string> {
  /** The line of the header; null if no row has a known name. */
  readonly headerLine: number | null;
  readonly columns: readonly PreviewedColumn<F>[];
  /** Those under the header. */
  readonly rows: readonly TableRow[];
}

/** Rows above the header, at most. */
const titleRows = 50;

/** @param count how many rows under the header are shown. */
export async function previewTable<F extends string>(
  rows: AsyncIterable<readonly TableRow[]>,
  names: ColumnNames & Readonly<Record<F, readonly string[]>>,
  count: number,
): Promise<TablePreview<F>> {
  const seen: TableRow[] = [];
  for await (const piece of rows) {
    seen.push(...piece);
    if (seen.length >= titleRows + count) break;
  }
  const fieldOf = new Map<string, F>();
  for (const field of Object.keys(names) as F[]) {
    for (const name of names[field]) fieldOf.set(normalizeName(name), field);
  }
  const countNames = ({ cells }: TableRow): number => cells.filter((cell) => fieldOf.has(normalizeName(cell))).length;
  const places = seen.slice(0, titleRows).map((row, place) => ({ place, known: countNames(row) }));
  // The row with the most known names; among equals the first.
  const best = places.reduce((most, one) => (one.known > most.known ? one : most), { place: -1, known: 0 });
  // Without a known name: the first row that is as wide as the table.
  const widest = Math.max(0, ...seen.map(({ cells }) => countFilled(cells)));
  const place = best.place === -1 ? seen.findIndex(({ cells }) => countFilled(cells) === widest) : best.place;
  const header = seen[place];
  return {
    headerLine: best.place === -1 ? null : (header?.line ?? null),
    columns: (header?.cells ?? []).map((cell) => {
      const title = cell.trim().replace(/\s+/g, ' ');
      return { title, field: fieldOf.get(normalizeName(title)) ?? null };
    }),
    rows: seen.slice(place + 1, place + 1 + count),
  };
}

function countFilled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}
