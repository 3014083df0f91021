// Which column of a table file is which field: by its English or Russian name, letter case and blanks aside.
import { countOf } from '../ledger/count-of.ts';
import { cleanCell } from './clean-cell.ts';
import type { TableMistake } from './table-mistake.ts';
import type { TableRow } from './table-row.ts';

/** Fields by their column names, the first of which are shown to people. */
export type ColumnNames = Readonly<Record<string, readonly string[]>>;

/** What an operator says of the columns of a file. */
export interface ColumnChoice<F extends string = string> {
  /** Columns of other names, by our field. */
  readonly mapping?: Readonly<Partial<Record<F, string>>>;
  /** Names of columns to leave out. */
  readonly ignoredColumns?: readonly string[];
}

export type FoundColumns<F extends string> =
  | {
      readonly ok: true;
      /** The place of each field's column; a field without one has no entry. */
      readonly columns: { readonly [K in F]?: number };
      /** The columns' names as the file has them. */
      readonly titles: { readonly [K in F]?: string };
    }
  | { readonly ok: false; readonly mistakes: readonly TableMistake[] };

/** The names that a field's column may have: that of the mapping, or our own. */
export function listNames(names: ColumnNames, field: string, { mapping = {} }: ColumnChoice): readonly string[] {
  const given = (mapping as Readonly<Record<string, string | undefined>>)[field];
  return given === undefined ? (names[field] ?? []) : [given];
}

const ordinals = ['№', '№ п/п', '№п/п', 'n', '#'];

/**
 * A column that no field has is a mistake, not something to skip: a misspelt "valid_to" would give cards without end.
 * Columns without a name, and those that number the rows, are passed over.
 */
export function findColumns<N extends ColumnNames>(
  header: TableRow,
  names: N,
  required: readonly (keyof N & string)[],
  choice: ColumnChoice<keyof N & string> = {},
): FoundColumns<keyof N & string> {
  type Field = keyof N & string;
  const fields: readonly Field[] = Object.keys(names);
  const fieldOf = new Map<string, Field>();
  for (const field of fields)
    for (const name of listNames(names, field, choice)) fieldOf.set(normalizeName(name), field);
  const isIgnored = new Set([...ordinals, ...(choice.ignoredColumns ?? [])].map(normalizeName));
  const columns: Partial<Record<Field, number>> = {};
  const titles: Partial<Record<Field, string>> = {};
  const mistakes: TableMistake[] = [];
  const report = (column: string | null, why: string, reason?: TableMistake['reason']): void =>
    void mistakes.push({ line: header.line, column, value: null, why, ...(reason === undefined ? {} : { reason }) });
  const show = (field: Field): string => listNames(names, field, choice).slice(0, 2).join(' or ');
  header.cells.forEach((cell, place) => {
    const title = cell.trim().replace(/\s+/g, ' ');
    const field = fieldOf.get(normalizeName(title));
    if (field === undefined) {
      if (title === '' || isIgnored.has(normalizeName(title))) return;
      const known = fields.map(show).join(', ');
      report(title, `there is no such column; there are: ${known}`, 'unknown_column');
    } else if (isIgnored.has(normalizeName(title))) return;
    else if (columns[field] !== undefined) report(title, `the column is there twice`);
    else {
      columns[field] = place;
      titles[field] = title;
    }
  });
  for (const field of fields) {
    const mapped = choice.mapping?.[field];
    if (columns[field] !== undefined) continue;
    if (mapped !== undefined) report(mapped, `the file has no such column for ${field}`, 'mapped_column');
    else if (required.includes(field)) report(null, `the column ${show(field)} is missing`, 'missing_column');
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, columns, titles };
}

/** The value of a row in a column, without blanks at its ends; '' where there is none. */
export function readCell(row: TableRow, place: number | undefined): string {
  return place === undefined ? '' : (row.cells[place] ?? '').trim();
}

/** A row with more values than the header has columns: a delimiter inside a value shifts all that come after it. */
export function findOverflow({ line, cells }: TableRow, width: number): TableMistake | undefined {
  if (cells.length <= width) return undefined;
  const value = cells.slice(width).join(' ');
  if (value.trim() === '') return undefined;
  const why = `${countOf(cells.length, 'value')} in ${countOf(width, 'column')}: a value with the delimiter in it stands in quotes`;
  return { line, column: null, value, why };
}

/** Names are compared so: of columns, and of whatever else people type. */
export function normalizeName(name: string): string {
  return cleanCell(name)
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u00A0_-]+/g, ' ');
}
