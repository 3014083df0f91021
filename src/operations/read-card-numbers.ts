// A list of cards in a table file: the column of their numbers. Knows no database.
import { parseCardNumber } from './parse-card-field.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvTable } from './read-csv.ts';

const columnNames = { number: ['number', 'номер карты', 'card number', 'card', 'номер', 'карта'] } as const;

export type ReadCardNumbers =
  | {
      readonly ok: true;
      /** The line of the file on which each number stands first. */
      readonly lines: ReadonlyMap<string, number>;
    }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

export function readCardNumbers(table: CsvTable): ReadCardNumbers {
  const found = findColumns(table.header, columnNames, ['number']);
  if (!found.ok) return found;
  const lines = new Map<string, number>();
  const mistakes: CsvMistake[] = [];
  for (const row of table.rows) {
    const overflow = found.findOverflow(row);
    const text = readCell(row, found.columns.number) ?? '';
    const parsed = parseCardNumber(text);
    if (overflow !== undefined) mistakes.push(overflow);
    else if (!parsed.ok) {
      const column = found.titles.number ?? columnNames.number[0];
      mistakes.push({ line: row.line, column, value: text, why: `expected ${parsed.expected}` });
    } else if (!lines.has(parsed.value)) lines.set(parsed.value, row.line);
  }
  if (mistakes.length === 0 && lines.size === 0) {
    // An empty list would mean every card.
    mistakes.push({ line: table.header.line, column: null, value: null, why: 'no card is listed below the header' });
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, lines };
}
