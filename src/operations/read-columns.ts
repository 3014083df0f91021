// Which column of a table file is which field: by its English or Russian name, letter case and blanks aside.
import type { CsvMistake, CsvRow } from './read-csv.ts';

/** Fields by their column names, the first of which is shown to people. */
export type ColumnNames = Readonly<Record<string, readonly string[]>>;

export type FoundColumns<F extends string> =
  | {
      readonly ok: true;
      /** The place of each field's column; a field without one has no entry. */
      readonly columns: { readonly [K in F]?: number };
      /** The columns' names as the file has them. */
      readonly titles: { readonly [K in F]?: string };
      /** A row with more values than the header has columns: a delimiter inside a value shifts all behind it. */
      readonly findOverflow: (row: CsvRow) => CsvMistake | undefined;
    }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

/**
 * A column that no field has is a mistake, not something to skip: a misspelt "valid_to" would give cards without end.
 * @param ignored names of columns that the operator wants left out.
 */
export function findColumns<N extends ColumnNames>(
  header: CsvRow,
  names: N,
  required: readonly (keyof N & string)[],
  ignored: readonly string[] = [],
): FoundColumns<keyof N & string> {
  type Field = keyof N & string;
  const fieldOf = new Map<string, Field>();
  for (const field of Object.keys(names)) for (const name of names[field] ?? []) fieldOf.set(normalize(name), field);
  const isIgnored = new Set(ignored.map(normalize));
  const columns: Partial<Record<Field, number>> = {};
  const titles: Partial<Record<Field, string>> = {};
  const mistakes: CsvMistake[] = [];
  const report = (column: string | null, why: string): void =>
    void mistakes.push({ line: header.line, column, value: null, why });
  const known = Object.keys(names)
    .map((field) => names[field]?.slice(0, 2).join(' or '))
    .join(', ');
  header.cells.forEach((cell, place) => {
    const title = cell.trim();
    if (title === '' || isIgnored.has(normalize(title))) return;
    const field = fieldOf.get(normalize(title));
    if (field === undefined) report(title, `there is no such column; there are: ${known}`);
    else if (columns[field] !== undefined) report(title, `the column comes twice`);
    else {
      columns[field] = place;
      titles[field] = title;
    }
  });
  for (const field of required) {
    if (columns[field] === undefined) report(null, `the column ${names[field]?.slice(0, 2).join(' or ')} is missing`);
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, columns, titles, findOverflow: (row) => findOverflow(row, header.cells.length) };
}

/** The value of a row in a column, without blanks at its ends; '' where there is none. */
export function readCell(row: CsvRow, place: number | undefined): string {
  return place === undefined ? '' : (row.cells[place] ?? '').trim();
}

function findOverflow({ line, cells }: CsvRow, width: number): CsvMistake | undefined {
  if (cells.length <= width) return undefined;
  const value = cells.slice(width).join(' ');
  if (value.trim() === '') return undefined;
  const why = `${cells.length} values in ${width} columns: a value with the delimiter in it stands in quotes`;
  return { line, column: null, value, why };
}

function normalize(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u00A0_-]+/g, ' ');
}
