// Cards from a table file: which column is what, and every value read or its mistake named. Knows no database.
import type { CardKind } from '../ledger/card.ts';
import type { CardChange } from './card-change.ts';
import { cardFields, parseCardField, parseCardNumber, type CardField, type Parsed } from './parse-card-field.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvRow, CsvTable } from './read-csv.ts';

export interface CardRow {
  readonly line: number;
  /** Null where the file's value is no number of a card. */
  readonly number: string | null;
  /** The fields that the file has a column for; without a kind or status where the row leaves it empty. */
  readonly change: CardChange;
  /** What could not be read; such a row is not written. */
  readonly mistakes: readonly CsvMistake[];
}

export interface CardSheet {
  /** Read anew each time they are gone through. */
  readonly rows: Iterable<CardRow>;
  /** How the file names the column of a field. */
  readonly titleOf: (field: CardField | 'number') => string;
}

export type ReadCardSheet =
  { readonly ok: true; readonly sheet: CardSheet } | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

export interface CardSheetOptions {
  readonly kinds: readonly CardKind[];
  /** Names of columns to leave out. */
  readonly ignoredColumns?: readonly string[];
}

const columnNames = {
  number: ['number', 'номер карты', 'card number', 'cardnumber', 'номер'],
  holder: ['holder', 'владелец'],
  kind: ['kind', 'вид карты'],
  status: ['status', 'статус'],
  validFrom: ['valid_from', 'действует с', 'validfrom'],
  validTo: ['valid_to', 'действует по', 'validto'],
  note: ['note', 'примечание'],
} as const;

export function readCardSheet(table: CsvTable, options: CardSheetOptions): ReadCardSheet {
  const found = findColumns(table.header, columnNames, ['number'], options.ignoredColumns);
  if (!found.ok) return found;
  const { columns, titles, findOverflow } = found;
  const titleOf = (field: CardField | 'number'): string => titles[field] ?? columnNames[field][0];
  // A file repeats few kinds, statuses and dates many times.
  const parse = rememberParsed(options.kinds);
  const readRow = (row: CsvRow): CardRow => {
    const mistakes: CsvMistake[] = [];
    const take = <T>(field: CardField | 'number', value: string, parsed: Parsed<T>): T | undefined => {
      if (parsed.ok) return parsed.value;
      mistakes.push({ line: row.line, column: titleOf(field), value, why: `expected ${parsed.expected}` });
      return undefined;
    };
    const numberText = readCell(row, columns.number);
    const number = take('number', numberText, parseCardNumber(numberText)) ?? null;
    const change: CardChange = {};
    for (const field of cardFields) {
      const text = readCell(row, columns[field]);
      // An empty kind is the one given for the whole file, an empty status that of a new card.
      const isLeftOut = columns[field] === undefined || (text === '' && (field === 'kind' || field === 'status'));
      if (!isLeftOut) Object.assign(change, take(field, text, parse(field, text)));
    }
    const overflow = findOverflow(row);
    if (overflow !== undefined) mistakes.push(overflow);
    return { line: row.line, number, change, mistakes };
  };
  return { ok: true, sheet: { titleOf, rows: { [Symbol.iterator]: () => mapEach(table.rows, readRow) } } };
}

function* mapEach<T, R>(items: Iterable<T>, map: (item: T) => R): Generator<R> {
  for (const item of items) yield map(item);
}

const rememberedLimit = 10_000;

function rememberParsed(kinds: readonly CardKind[]): (field: CardField, text: string) => Parsed<CardChange> {
  const known = new Map<string, Parsed<CardChange>>();
  return (field, text) => {
    if (field === 'holder' || field === 'note') return parseCardField(field, text, kinds);
    const key = `${field}=${text}`;
    let parsed = known.get(key);
    if (parsed === undefined) {
      parsed = parseCardField(field, text, kinds);
      if (known.size < rememberedLimit) known.set(key, parsed);
    }
    return parsed;
  };
}
