// A table of receipts (CSV or XLSX, one receipt a row) as the objects that JSON would hold: columns have the schema's names of
// a receipt's fields, or Russian ones; sums, dates and words of spreadsheets and 1C are converted to the schema's form.
import { openTableFile, UnreadableTable } from '../tables/open-table-file.ts';
import type { TableMistake } from '../tables/table-mistake.ts';
import type { TableRow } from '../tables/table-row.ts';
import { readWholeTable } from '../tables/read-table.ts';
import { Sheet, type SheetForm } from '../tables/sheet.ts';
import type { BindingFile, ShapeText } from './binding/binding-file.ts';
import { findShape, findTable, readRule, type Table } from './binding/rule.ts';
import { isAny, isComplex, type ComplexType, type ScalarKind } from './contract/schema.ts';

export type ReadReceiptTable =
  | { readonly ok: true; readonly rows: readonly { readonly line: number; readonly receipt: object }[] }
  | { readonly ok: false; readonly why: string };

/** Fields of a command by Russian names of their columns; the schema's own names are accepted as well. */
const russianTitles: Readonly<Record<string, readonly string[]>> = {
  operationId: ['Ключ операции', 'Идентификатор операции'],
  kind: ['Вид чека', 'Вид операции'],
  kkm: ['Касса', 'ККМ', 'Номер ККМ'],
  shiftNumber: ['Смена', 'Номер смены'],
  receiptNumber: ['Чек', 'Номер чека'],
  receiptAt: ['Дата чека', 'Дата'],
  cardNumber: ['Номер карты', 'Карта', 'Дисконтная карта'],
  sumKopecks: ['Сумма'],
  sumWithDiscountKopecks: ['Сумма со скидкой'],
  bonusAccruedKopecks: ['Начислено бонусов', 'Начислено'],
  bonusRedeemedKopecks: ['Списано бонусов', 'Списано'],
  accumulationDeltaKopecks: ['Сумма накопления'],
  receiptCountDelta: ['Количество чеков'],
  offline: ['Без связи', 'Офлайн'],
  cashier: ['Кассир'],
  fn: ['ФН'],
  fd: ['ФД'],
  fp: ['ФП', 'ФПД'],
};
const originalTitles: Readonly<Record<string, readonly string[]>> = {
  kkm: ['Касса исходного чека', 'ККМ исходного чека'],
  shiftNumber: ['Смена исходного чека'],
  receiptNumber: ['Номер исходного чека', 'Исходный чек'],
  receiptAt: ['Дата исходного чека'],
};
const kindWords: Readonly<Record<string, string>> = { продажа: 'Sale', возврат: 'Return' };

interface Column {
  /** One name, or that of its parent element and its own. */
  readonly path: readonly [name: string, inner?: string];
  readonly titles: readonly string[];
  readonly kind: ScalarKind;
  /** The words of the wire for the kinds of receipts, in the column of kinds. */
  readonly words?: Table;
}

type ReadTable = (bytes: Buffer, kkm: string | undefined) => Promise<ReadReceiptTable>;

/** @returns a reader of tables for receipts of that type; `kkm` is the till of a file without a column for it. */
export function compileReceiptTable(type: ComplexType, shape: ShapeText, file: BindingFile): ReadTable {
  const columns = listColumns(type, shape, file);
  const nameIn = (field: string): string => (shape[field] === undefined ? '' : readRule(shape[field]).from[0]);
  const form = makeForm(columns, nameIn('receiptNumber'));
  const fallbacks = { kkm: nameIn('kkm'), offline: nameIn('offline') };
  return async (bytes, kkm) => {
    const sheet = new Sheet(form);
    const { reader } = sheet;
    const rows: { line: number; receipt: object }[] = [];
    const read = (row: TableRow): void => {
      const { values } = sheet.read(row);
      const receipt: Record<string, unknown> = {};
      for (const column of columns) {
        const value = values[nameOf(column)];
        if (value !== undefined && value !== '') put(receipt, column.path, value);
      }
      if (kkm !== undefined && !reader.has(fallbacks.kkm)) receipt[fallbacks.kkm] = kkm;
      // Files of the folder did not come online.
      if (!reader.has(fallbacks.offline)) receipt[fallbacks.offline] = true;
      rows.push({ line: row.line, receipt });
    };
    try {
      const table = await openTableFile({ bytes }, { isHeader: (cells) => reader.isHeader(cells) });
      const mistakes = await readWholeTable({ reader, read }, table.rows);
      return mistakes.length > 0 ? { ok: false, why: mistakes.map(explain).join('; ') } : { ok: true, rows };
    } catch (reason) {
      if (!(reason instanceof UnreadableTable)) throw reason;
      return { ok: false, why: reason.message };
    }
  };
}

/** A foot row of receipts is skipped: nobody can know whether returns are added or subtracted in its sums. */
function makeForm(columns: readonly Column[], key: string): SheetForm<Readonly<Record<string, string>>> {
  const fields = columns.map((column) => {
    const parse = (text: string) => ({ ok: true, value: toSchemaForm(text, column) }) as const;
    return [nameOf(column), { names: column.titles, parse }] as const;
  });
  return {
    fields: Object.fromEntries(fields),
    key,
    isKey: (text) => /^\d+$/.test(text),
    explainKey: () => 'expected the number of a receipt',
    mayKeyBeKnown: false,
    headerNames: 2,
  };
}

function nameOf({ path }: Column): string {
  return path.join('/');
}

function listColumns(type: ComplexType, shape: ShapeText, file: BindingFile): Column[] {
  return Object.entries(shape).flatMap(([field, text]): Column[] => {
    const { from, transform, options } = readRule(text);
    const [name] = from;
    const element = type.fields.find((candidate) => candidate.name === name);
    if (element === undefined || isAny(element.type)) return [];
    if (!isComplex(element.type)) {
      const titles = [name, ...(russianTitles[field] ?? [])];
      const words = transform === 'table' ? { words: findTable(file, options.table) } : {};
      return [{ path: [name], titles, kind: element.type.kind, ...words }];
    }
    // A row has no lines of goods; a single element, such as the original of a return, has columns of its own.
    if (transform !== 'shape') return [];
    const { fields } = element.type;
    return Object.entries(findShape(file.requests, options.shape)).flatMap(([innerField, innerText]): Column[] => {
      const [innerName] = readRule(innerText).from;
      const scalar = fields.find((candidate) => candidate.name === innerName)?.type;
      if (scalar === undefined || isComplex(scalar) || isAny(scalar)) return [];
      const titles = [`${name}${innerName}`, `${name}.${innerName}`, ...(originalTitles[innerField] ?? [])];
      return [{ path: [name, innerName], titles, kind: scalar.kind }];
    });
  });
}

function put(receipt: Record<string, unknown>, [name, inner]: Column['path'], value: string): void {
  if (inner === undefined) receipt[name] = value;
  else receipt[name] = { ...(receipt[name] as object | undefined), [inner]: value };
}

function toSchemaForm(cell: string, { kind, words }: Column): string {
  if (words !== undefined) {
    const meant = kindWords[cell.toLowerCase()];
    return Object.entries(words).find(([, own]) => own === meant)?.[0] ?? cell;
  }
  switch (kind) {
    case 'decimal':
    case 'double':
    case 'integer':
    case 'int':
    case 'long':
      return cell.replace(/[\s\u00A0\u202F]/g, '').replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
    case 'boolean':
      return booleanWords[cell.toLowerCase()] ?? cell;
    case 'dateTime':
      return toMoment(cell);
    case 'string':
    case 'date':
    case 'time':
    case 'base64Binary':
    case 'hexBinary':
    case 'duration':
    case 'gYearMonth':
    case 'gYear':
    case 'gMonthDay':
    case 'gDay':
    case 'gMonth':
    case 'QName':
    case 'list':
    case 'union':
      return cell;
  }
}

const booleanWords: Readonly<Record<string, string>> = {
  true: 'true',
  false: 'false',
  да: 'true',
  истина: 'true',
  нет: 'false',
  ложь: 'false',
};

const momentForm =
  /^(?:(\d\d)\.(\d\d)\.(\d{4})|(\d{4})-(\d\d)-(\d\d))(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?(Z|[+-]\d\d:\d\d))?)?$/;

/**
 * "22.11.2026 9:05", "2026-11-22 09:05:00", "22.11.2026", with or without a zone after the time, as the schema writes them;
 * anything else unchanged.
 */
function toMoment(cell: string): string {
  const match = momentForm.exec(cell);
  if (match === null) return cell;
  const [, day, month, year, isoYear, isoMonth, isoDay, hour = '00', minute = '00', second = '00', zone = ''] = match;
  const date = year === undefined ? `${isoYear}-${isoMonth}-${isoDay}` : `${year}-${month}-${day}`;
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}${zone}`;
}

function explain({ line, column, value, why }: TableMistake): string {
  const where = column === null ? '' : `, column "${column}"`;
  return `line ${line}${where}${value === null ? '' : `, value "${value.slice(0, 80)}"`}: ${why}`;
}
