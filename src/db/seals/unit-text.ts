// The text of a sealed unit: its own columns, and behind them the rows that belong to it, in a fixed order. It is made in the
// database, for a million receipts need not become objects first. Control characters stand between the values, for no till and
// no file can send one: so no value can take over what belongs to its neighbour. JSON was measured too: it costs twice as much,
// for it looks at each letter of the stored replies.
import type { Knex } from 'knex';

/** Rows that belong to a unit: `key` holds its number. */
export interface UnitLines {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly string[];
  readonly order: readonly string[];
  readonly where?: string;
}

/** Between two values. */
export const valueMark = '\u001f';
/** Stands for nothing, which is not an empty text. */
const nullMark = '\u001e';
/** Before each row that belongs to a unit. */
export const rowMark = '\u001d';

const isPostgres = (knex: Knex): boolean => knex.client.config.client === 'pg';

export function rowText(knex: Knex, columns: readonly string[]): string {
  const values = columns.map((column) => {
    return `coalesce(${isPostgres(knex) ? `cast(${column} as text)` : column}, '${nullMark}')`;
  });
  return `concat_ws('${valueMark}', ${values.join(', ')})`;
}

/** @param owner the table of the unit, with the column that names it. */
export function linesText(knex: Knex, owner: string, { table, key, columns, order, where }: UnitLines): string {
  const row = rowText(
    knex,
    columns.map((column) => `${table}.${column}`),
  );
  const join = isPostgres(knex) ? 'string_agg' : 'group_concat';
  const sorted = order.map((column) => `${table}.${column}`).join(', ');
  const more = where === undefined ? '' : ` and ${where}`;
  const rows = `select ${row} as line from ${table} where ${table}.${key} = ${owner}${more} order by ${sorted}`;
  return `coalesce((select ${join}(line, '${rowMark}') from (${rows}) as sorted), '')`;
}
