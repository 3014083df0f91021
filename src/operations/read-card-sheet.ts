// Cards from a table file: which column is what, and every value read or its mistake named. Knows no database.
import type { CardKind } from '../ledger/card.ts';
import type { CardChange } from './card-change.ts';
import { cardFields, parseCardField, parseCardNumber, type CardField, type Parsed } from './parse-card-field.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvRow, CsvTable } from './read-csv.ts';

export interface CardRow {
  readonly line: number;
  readonly number: string;
  /** The fields that the file has a column for; without a kind where the row leaves it empty. */
  readonly change: CardChange;
  /** Whether every value of the row could be read. */
  readonly isWhole: boolean;
}

export interface CardSheet {
  readonly rows: readonly CardRow[];
  readonly mistakes: readonly CsvMistake[];
  /** How the file names the column of a field. */
  readonly titleOf: (field: CardField | 'number') => string;
}

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

export function readCardSheet(table: CsvTable, options: CardSheetOptions): CardSheet {
  const found = findColumns(table.header, columnNames, ['number'], options.ignoredColumns);
  if (!found.ok) return { rows: [], mistakes: found.mistakes, titleOf: (field) => columnNames[field][0] };
  const titleOf = (field: CardField | 'number'): string => found.titles[field] ?? columnNames[field][0];
  const mistakes: CsvMistake[] = found.longRows(table.rows);
  const rows: CardRow[] = [];
  const lineOf = new Map<string, number>();
  // A file repeats few kinds, statuses and dates many times.
  const parse = rememberParsed(options.kinds);
  const take = <T>(row: CsvRow, field: CardField | 'number', value: string, parsed: Parsed<T>): T | undefined => {
    if (parsed.ok) return parsed.value;
    mistakes.push({ line: row.line, column: titleOf(field), value, why: `expected ${parsed.expected}` });
    return undefined;
  };
  for (const row of table.rows) {
    const before = mistakes.length;
    const numberText = readCell(row, found.columns.number);
    const number = take(row, 'number', numberText, parseCardNumber(numberText));
    let change: CardChange = {};
    for (const field of cardFields) {
      const place = found.columns[field];
      const text = readCell(row, place);
      // An empty kind is the one given for the whole file, an empty status that of a new card.
      if (place === undefined || (text === '' && (field === 'kind' || field === 'status'))) continue;
      change = { ...change, ...take(row, field, text, parse(field, text)) };
    }
    if (number === undefined) continue;
    const earlier = lineOf.get(number);
    if (earlier === undefined) {
      lineOf.set(number, row.line);
      rows.push({ line: row.line, number, change, isWhole: mistakes.length === before });
    } else {
      const why = `the same number as on line ${earlier}`;
      mistakes.push({ line: row.line, column: titleOf('number'), value: number, why });
    }
  }
  return { rows, mistakes, titleOf };
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
