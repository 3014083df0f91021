// A table file named on the command line: the flags that say how it is to be read, and what was found in it, for people.
import { readFile } from 'node:fs/promises';
import { openTableFile, UnreadableTable, type TableFile } from '../tables/open-table-file.ts';
import type { ColumnChoice } from '../tables/read-columns.ts';
import type { MistakeReason, TableMistake } from '../tables/table-mistake.ts';
import type { LeftOut, TableReader } from '../tables/table-reader.ts';
import { findTextEncoding, textEncodings, type TextEncoding } from '../tables/text-encoding.ts';
import { countOf } from '../ledger/count-of.ts';
import { CommandFailed, expected, UsageMistake, type CommandIo } from './command-io.ts';
import { toOneLine } from './format-table.ts';

export const tableFlags = {
  encoding: {
    takes: 'NAME',
    about: `encoding of a text file: ${textEncodings.join(', ')} (default: what the bytes show)`,
  },
  sheet: { takes: 'NAME', about: 'sheet of a workbook to read (default: the first that is not hidden)' },
  mapping: { takes: 'FILE', about: 'JSON: {"field": "column name", ...}, for columns of other names' },
  'ignore-columns': {
    takes: 'NAME,...',
    about: 'columns of the file to leave out; any other unknown one is a mistake',
  },
} as const;

export const tableNotes = [
  'FILE is CSV or XLSX. Titles above its header, foot rows («Итого», compared with the sums of the rows), group rows, page',
  'numbers and signatures may stay: they are left out, and what was left out is shown.',
] as const;

export type TableFlags = { readonly [K in keyof typeof tableFlags]: string | undefined };

/**
 * For a command that was given no file.
 * @param owner the flag that gives one.
 * @throws UsageMistake where a flag says how to read it all the same.
 */
export function refuseTableFlags(flags: TableFlags, owner: string): void {
  const names = Object.keys(tableFlags) as (keyof TableFlags)[];
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new UsageMistake(`--${given} is for ${owner}`, `--${given}`);
}

/** The flags, read. */
export interface TableChoice<F extends string> {
  readonly columns: ColumnChoice<F>;
  readonly encoding: TextEncoding | undefined;
  readonly sheet: string | undefined;
}

/**
 * @param fields that a mapping may name.
 * @throws UsageMistake, CommandFailed where the mapping cannot be read.
 */
export async function readTableFlags<F extends string>(
  flags: TableFlags,
  fields: readonly F[],
): Promise<TableChoice<F>> {
  const columns: ColumnChoice<F> = {
    ...(flags.mapping === undefined ? {} : { mapping: await readMapping(flags.mapping, fields) }),
    ...(flags['ignore-columns'] === undefined ? {} : { ignoredColumns: flags['ignore-columns'].split(',') }),
  };
  const encoding = flags.encoding === undefined ? undefined : readEncoding(flags.encoding);
  return { columns, encoding, sheet: flags.sheet };
}

/** @throws CommandFailed where the file cannot be read, here or on the way through its rows. */
export async function openTable<F extends string>(
  path: string,
  { encoding, sheet }: Pick<TableChoice<F>, 'encoding' | 'sheet'>,
  reader: Pick<TableReader<F>, 'isHeader'>,
): Promise<TableFile> {
  const isHeader = (cells: readonly string[]): boolean => reader.isHeader(cells);
  const opened = await explain(path, openTableFile({ path }, { encoding, sheet, isHeader }));
  return { ...opened, rows: explainRows(path, opened.rows) };
}

async function* explainRows<T>(path: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = rows[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await explain(path, iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function explain<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (reason) {
    if (reason instanceof UnreadableTable) throw new CommandFailed(`${path}: ${reason.message}`, { cause: reason });
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === undefined) throw reason;
    throw new CommandFailed(`cannot read ${path}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

/** What was read, and what was not: lines for people, none where there is nothing to say. */
export function describeTable(path: string, { encoding, sheet, seen }: TableFile, leftOut: LeftOut): string[] {
  const lines: string[] = [];
  if (encoding !== null && encoding !== 'utf-8')
    lines.push(`${path}: ${encoding}, delimiter ${showDelimiter(seen.delimiter)}`);
  if (sheet !== null) {
    const others = sheet.others.length === 0 ? '' : `; not read: ${quoteAll(sheet.others)}`;
    const hidden = sheet.passedOver.length === 0 ? '' : `; hidden and skipped: ${quoteAll(sheet.passedOver)}`;
    lines.push(`${path}: sheet "${sheet.name}"${sheet.isHidden ? ' (hidden)' : ''}${hidden}${others}`);
  }
  if (seen.hiddenRows > 0) lines.push(`hidden rows, read like the others: ${seen.hiddenRows}`);
  const { footRows, uncomparedRows, groupRows, otherRows, shown } = leftOut;
  const counts = [
    [footRows, 'foot rows that agree with the rows'],
    [uncomparedRows, 'foot rows with nothing to compare'],
    [groupRows, 'group rows'],
    [otherRows, 'other rows'],
  ] as const;
  const said = counts.flatMap(([count, what]) => (count > 0 ? [`${what} ${count}`] : []));
  if (said.length > 0) {
    const rows = shown.map(({ line, text }) => `line ${line} "${toOneLine(text)}"`);
    lines.push(
      `left out: ${said.join(', ')} (${rows.join(', ')}${shown.length < footRows + uncomparedRows + groupRows + otherRows ? ', ...' : ''})`,
    );
  }
  return lines;
}

/** The same for a document of JSON. */
export function describeTableAsJson({ format, encoding, sheet, sha256, seen }: TableFile, leftOut: LeftOut): object {
  return { format, encoding, delimiter: seen.delimiter, sheet, sha256, hiddenRows: seen.hiddenRows, leftOut };
}

/** Ways out of mistakes by the flags of a command. */
export type Hints = Readonly<Partial<Record<MistakeReason, string>>>;

export const tableHints: Hints = {
  no_header: '--mapping gives its columns other names, --sheet reads another sheet of a workbook',
  unknown_column: '--mapping says which field it is, --ignore-columns leaves it out',
  missing_column: '--mapping says which column it is',
  mapped_column: '--mapping names it',
  foot_differs: 'export the file again, or take the row out of it if it is wrong',
};

export function addHint(mistake: TableMistake, hints: Hints): TableMistake {
  const hint = mistake.reason === undefined ? undefined : (hints[mistake.reason] ?? tableHints[mistake.reason]);
  return hint === undefined ? mistake : { ...mistake, why: `${mistake.why} (${hint})` };
}

/**
 * Shows every mistake of a file because of which a command did nothing.
 * @throws CommandFailed always.
 */
export function reportMistakes(
  file: string,
  found: readonly TableMistake[],
  isJson: boolean,
  io: CommandIo,
  hints: Hints = {},
): never {
  const mistakes = found.map((mistake) => addHint(mistake, hints));
  if (!isJson) for (const mistake of mistakes) io.err(formatMistake(file, mistake));
  const message = `nothing was written: ${countOf(mistakes.length, 'mistake')} in ${file}`;
  throw new CommandFailed(message, { code: 'mistakes', details: { file, mistakes } });
}

export function formatMistake(file: string, mistake: TableMistake): string {
  const { line, column, value } = mistake;
  const where = column === null ? '' : `, column "${column}"`;
  const what = value === null ? '' : `, value "${toOneLine(value)}"`;
  return `${file}: line ${line}${where}${what}: ${mistake.why}`;
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `"${toOneLine(name)}"`).join(', ');
}

function showDelimiter(delimiter: string | null): string {
  return delimiter === '\t' ? 'tab' : `"${delimiter ?? ''}"`;
}

function readEncoding(text: string): TextEncoding {
  const encoding = findTextEncoding(text);
  if (encoding !== undefined) return encoding;
  throw expected('--encoding', `one of ${textEncodings.join(', ')}`, text);
}

async function readMapping<F extends string>(
  path: string,
  fields: readonly F[],
): Promise<Readonly<Partial<Record<F, string>>>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (reason) {
    throw new CommandFailed(`cannot read the mapping ${path}: ${(reason as Error).message}`, { cause: reason });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new CommandFailed(`${path}: expected an object such as {"${fields[0]}": "column name"}`);
  }
  for (const [field, column] of Object.entries(parsed)) {
    const isKnown = (fields as readonly string[]).includes(field);
    if (!isKnown) throw new CommandFailed(`${path}: there is no field "${field}"; there are: ${fields.join(', ')}`);
    if (typeof column !== 'string' || column.trim() === '')
      throw new CommandFailed(`${path}: "${field}": expected the name of a column`);
  }
  return parsed as Partial<Record<F, string>>;
}
