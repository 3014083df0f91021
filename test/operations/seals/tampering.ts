// One random tampering with a sealed database: a value changed, a row removed or put in, in any table that matters.
import type BetterSqlite from 'better-sqlite3';
import type { Random } from './random.ts';

/** What tills and jobs change all the time, or what other columns say as well. */
const free: Readonly<Record<string, readonly string[]>> = {
  hold: ['state', 'expires_at', 'reply', 'release_reply'],
  night_hold: ['receipt_id'],
  exchange_file: ['name', 'loaded_at', 'accepted', 'linked', 'rejected'],
  billing_state: ['last_night_on'],
};

interface Target {
  readonly table: string;
  /** What a row that is put in must have anew; left out, rows are only changed and removed. */
  readonly fresh?: readonly string[];
  /** Whether a row put in after the last one would be one of the open day, which nobody can tell from a true one. */
  readonly isOnlyBetween?: boolean;
}

/** Every table that a seal covers, and the running sums, which `kkm verify` adds up. */
export const targets: readonly Target[] = [
  { table: 'receipt', fresh: ['id', 'operation_id', 'receipt_number'] },
  { table: 'document', fresh: ['id'] },
  { table: 'accumulation_movement', fresh: ['card_id'] },
  { table: 'accumulation_balance', fresh: ['card_id'] },
  { table: 'receipt_cancel', fresh: ['id', 'operation_id', 'receipt_number'] },
  { table: 'receipt_told_online', fresh: ['receipt_id'] },
  { table: 'department_report', fresh: ['id', 'shift_number'] },
  { table: 'department_report_receipt', fresh: ['receipt_number'] },
  { table: 'billing_document', fresh: ['id'] },
  { table: 'billing_movement', fresh: ['line'] },
  { table: 'accrual_movement', fresh: ['card_id'] },
  { table: 'pending_movement', fresh: ['source'] },
  { table: 'billing_balance', fresh: ['card_id'] },
  { table: 'accrual_turnover', fresh: ['card_id'] },
  { table: 'pending_credit', fresh: ['source'] },
  { table: 'document_file', fresh: ['billing_document_id'] },
  { table: 'hold', fresh: ['id', 'operation_id'], isOnlyBetween: true },
  { table: 'night_run', fresh: ['business_on'] },
  { table: 'night_mark', fresh: ['from_card_id'] },
  { table: 'night_hold', fresh: ['hold_id'] },
  { table: 'opening_group' },
  { table: 'certificate', fresh: ['id', 'number'] },
  { table: 'certificate_kind', fresh: ['code'] },
  { table: 'certificate_operation', fresh: ['id', 'operation_id', 'receipt_number'], isOnlyBetween: true },
  { table: 'certificate_document', fresh: ['id'] },
  { table: 'certificate_movement', fresh: ['certificate_id'] },
  { table: 'card', fresh: ['id', 'number'] },
  { table: 'card_kind', fresh: ['code'] },
  { table: 'life_rule', fresh: ['code'] },
  { table: 'shop', fresh: ['code'] },
  { table: 'till', fresh: ['kkm'] },
  { table: 'setting', fresh: ['name'] },
  { table: 'service_user', fresh: ['name'] },
  { table: 'exchange_file', fresh: ['sha256'] },
  { table: 'import_run', fresh: ['id', 'reverses_id'] },
  { table: 'change_log', fresh: ['id'] },
  { table: 'billing_state' },
  { table: 'seal', fresh: ['id', 'business_on'] },
  { table: 'seal_part', fresh: ['number'] },
  { table: 'seal_break', fresh: ['id'] },
];

type Value = string | number | null;
type Row = Record<string, Value>;

/** Does it. @returns what was done, in words. */
export function tamperAtRandom(database: BetterSqlite.Database, random: Random): string {
  for (const name of database.prepare(`select name from sqlite_master where type = 'trigger'`).pluck().all()) {
    database.exec(`drop trigger ${String(name)}`);
  }
  database.pragma('ignore_check_constraints = on');
  for (;;) {
    const target = random.pick(targets);
    const rows = database.prepare(`select * from ${target.table}`).all() as Row[];
    if (rows.length === 0) continue;
    const row = random.pick(rows);
    // Without it the sums are the same.
    if (isNothing(row)) continue;
    const sort = random.pick(['change', 'change', 'delete', 'insert'] as const);
    if (sort === 'insert' && target.fresh !== undefined) return insertLike(database, target, row, random);
    return sort === 'delete' ? remove(database, target, row) : change(database, target, row, random);
  }
}

function isNothing(row: Row): boolean {
  return row.write_off_on !== undefined && row.bonus === 0 && row.accumulation === 0 && row.receipts === 0;
}

function keyOf(
  database: BetterSqlite.Database,
  table: string,
  row: Row,
): { where: string; values: (Value | undefined)[] } {
  const columns = database.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  return { where: keys.map((name) => `"${name}" = ?`).join(' and '), values: keys.map((name) => row[name]) };
}

function remove(database: BetterSqlite.Database, { table }: Target, row: Row): string {
  const { where, values } = keyOf(database, table, row);
  database.prepare(`delete from ${table} where ${where}`).run(...values);
  return `delete from ${table}: ${JSON.stringify(row)}`;
}

function change(database: BetterSqlite.Database, { table }: Target, row: Row, random: Random): string {
  const columns = Object.keys(row).filter((name) => free[table]?.includes(name) !== true);
  for (;;) {
    const column = random.pick(columns);
    const value = differ(row[column], random);
    const { where, values } = keyOf(database, table, row);
    try {
      database.prepare(`update ${table} set "${column}" = ? where ${where}`).run(value, ...values);
    } catch {
      // Another row has that key.
      continue;
    }
    return `change ${table}.${column} from ${String(row[column])} to ${String(value)}: ${JSON.stringify(row)}`;
  }
}

function differ(value: Value | undefined, random: Random): Value {
  if (typeof value === 'number') return value + random.pick([-1, 1, 100, -10_000]);
  if (value === null || value === undefined) return random.pick(['x', 1]);
  if (value === '') return 'x';
  return random.pick([`${value}0`, value.replace(/.$/, (last) => (last === '7' ? '8' : '7')), '']);
}

function insertLike(database: BetterSqlite.Database, target: Target, row: Row, random: Random): string {
  const { table, fresh = [], isOnlyBetween } = target;
  const copy = { ...row };
  for (const column of fresh) {
    const value = copy[column];
    if (column === 'id') copy[column] = isOnlyBetween === true || random.chance(0.3) ? -random.below(1e6) : null;
    else if (typeof value === 'number') copy[column] = value + 1_000_000 + random.below(1e6);
    else if (typeof value === 'string') copy[column] = `${value}-0`;
  }
  const names = Object.keys(copy);
  const places = names.map(() => '?').join(', ');
  database
    .prepare(`insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${places})`)
    .run(...Object.values(copy));
  return `insert into ${table}: ${JSON.stringify(copy)}`;
}
