// What is sealed by its number: units that come one after the other, so that a day is those between two marks. No till pays for
// it: a mark is a number, and no row carries its day.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, type ReadRow, type Statement } from '../statement.ts';
import { linesText, rowMark, rowText, type UnitLines } from './unit-text.ts';

/** Billing can be switched off, which destroys what it has written; trade is there for good. */
export type SealedGroup = 'trade' | 'billing';

/** A unit with the moment it was recorded at; null where its table has none. */
export interface NumberedUnit {
  readonly id: number;
  readonly text: string;
  readonly recordedAt: LocalDateTime | null;
}

/** A row costs a third less as its values than as an object with their names. */
const readUnit: ReadRow<NumberedUnit> = ([id, text, recordedAt]) => ({
  id: id as number,
  text: text as string,
  recordedAt: recordedAt as LocalDateTime | null,
});

export interface NumberedSource {
  /** Its table, or what of the table it is. */
  readonly name: string;
  readonly group: SealedGroup;
  readonly last: Statement<Record<string, never>, { id: number | null }>;
  /** Its tables with the columns that are read; a test finds those that nobody has thought of. */
  readonly reads: readonly { readonly table: string; readonly columns: readonly string[] }[];
  readonly page: Statement<{ after: number; to: number; limit: number }, NumberedUnit>;
}

interface Spec {
  readonly name: string;
  readonly group?: SealedGroup;
  readonly table?: string;
  readonly columns: readonly string[];
  readonly lines?: readonly UnitLines[];
  readonly where?: string;
  readonly recordedAt?: string;
}

function define({ name, group = 'trade', table = name, columns, lines = [], where, recordedAt }: Spec): NumberedSource {
  return {
    name,
    group,
    last: statement((knex) => knex(table).max({ id: 'id' })),
    reads: [
      { table, columns: ['id', ...columns] },
      ...lines.map((one) => ({ ...one, columns: [one.key, ...one.columns] })),
    ],
    page: statement<{ after: number; to: number; limit: number }, NumberedUnit>((knex, p) => {
      const own = rowText(
        knex,
        columns.map((column) => `${table}.${column}`),
      );
      const text =
        lines.length === 0
          ? own
          : `concat_ws('${rowMark}', ${[own, ...lines.map((one) => linesText(knex, `${table}.id`, one))].join(', ')})`;
      const more = where === undefined ? '' : ` and ${where}`;
      return knex.raw(
        `select id as "id", ${text} as "text", ${recordedAt ?? 'null'} as "recordedAt" from ${table}
         where id > ? and id <= ?${more} order by id limit ?`,
        [p.after, p.to, limitMark],
      );
    }, readUnit),
  };
}

const measures = ['bonus', 'accumulation', 'receipts'];
const receiptKey = ['kkm', 'shift_number', 'receipt_number', 'receipt_on'];

const receiptColumns = [
  'operation_id',
  'kind',
  ...receiptKey,
  'receipt_at',
  'card_id',
  'sum',
  'sum_with_discount',
  'bonus_accrued',
  'bonus_redeemed',
  'accumulation_delta',
  'receipt_count_delta',
  'offline',
  'cashier',
  'fn',
  'fd',
  'fp',
  'original_kkm',
  'original_shift_number',
  'original_receipt_number',
  'original_receipt_on',
  'original_receipt_at',
  'lines',
  'road',
  'state',
  'flags',
  'online_content',
  'is_payment',
];

const markColumns = [
  'effective_on',
  'bonus_credit_on',
  'bonus_write_off_on',
  'accumulation_credit_on',
  'accumulation_write_off_on',
  'last_opening_id',
];
const isMarked = 'effective_on is not null';

/** In the order in which they are sealed. A form of the seal is made of them: a change of one is a new form. */
export const numberedSources: readonly NumberedSource[] = [
  define({
    name: 'receipt',
    columns: receiptColumns,
  }),
  define({
    name: 'document',
    columns: ['kind', 'dated_at', 'recorded_at', 'receipt_id', 'reply', 'comment', 'shop_code'],
    lines: [
      {
        table: 'accumulation_movement',
        key: 'document_id',
        columns: ['card_id', ...measures, 'bonus_after', 'dated_at'],
        order: ['card_id'],
      },
    ],
    recordedAt: 'recorded_at',
  }),
  define({
    name: 'receipt_cancel',
    columns: [
      'operation_id',
      'kind',
      ...receiptKey,
      'receipt_at',
      'card_number',
      'reason',
      'cancelled_at',
      'document_id',
      'reply',
    ],
    recordedAt: 'cancelled_at',
  }),
  define({
    name: 'department_report',
    columns: ['kkm', 'shift_number', 'report_on', 'received_at', 'changed_at'],
    lines: [
      {
        table: 'department_report_receipt',
        key: 'report_id',
        columns: ['kind', 'receipt_number', 'source', 'received_at', 'code', 'content'],
        order: ['kind', 'receipt_number'],
      },
    ],
    recordedAt: 'received_at',
  }),
  define({
    name: 'certificate',
    columns: ['number', 'kind_code', 'state', 'sold_at', 'write_off_on', 'nominal', 'balance'],
  }),
  define({
    name: 'certificate_operation',
    columns: ['sort', 'operation_id', ...receiptKey, 'certificate_number', 'amount', 'moved', 'state', 'reply'],
  }),
  define({
    name: 'certificate_document',
    columns: ['kind', 'dated_at', 'recorded_at', 'operation_id', 'comment'],
    lines: [
      {
        table: 'certificate_movement',
        key: 'document_id',
        columns: ['certificate_id', 'amount', 'balance_after'],
        order: ['certificate_id'],
      },
    ],
    recordedAt: 'recorded_at',
  }),
  define({
    name: 'card',
    columns: ['number', 'kind_code', 'holder', 'status', 'valid_from', 'valid_to', 'note'],
  }),
  define({
    name: 'import_run',
    columns: [
      'kind',
      'file_name',
      'file_sha256',
      'dated_on',
      'recorded_at',
      'document_id',
      'billing_document_id',
      'rows',
      'bad_rows',
      'cards',
      'created',
      ...measures,
      'reverses_id',
      'made_by',
    ],
    recordedAt: 'recorded_at',
  }),
  define({
    name: 'change_log',
    columns: ['recorded_at', 'actor', 'door', 'subject', 'key', 'before', 'after'],
    recordedAt: 'recorded_at',
  }),
  define({ name: 'seal_break', columns: ['after_seal_id', 'why'] }),
  define({
    name: 'receipt_mark',
    group: 'billing',
    table: 'receipt',
    columns: markColumns,
    where: isMarked,
  }),
  define({
    name: 'billing_document',
    group: 'billing',
    columns: ['kind', 'dated_at', 'recorded_at', 'receipt_id', 'document_id', 'origin', 'effective_on', 'comment'],
    lines: [
      {
        table: 'billing_movement',
        key: 'document_id',
        columns: [
          'card_id',
          'line',
          ...measures,
          'bonus_after',
          'covered_bonus',
          'covered_accumulation',
          'covered_receipts',
          'reason',
          'dated_at',
        ],
        order: ['card_id', 'line'],
      },
      {
        table: 'accrual_movement',
        key: 'document_id',
        columns: ['card_id', 'write_off_on', ...measures],
        order: ['card_id', 'write_off_on'],
      },
      {
        table: 'pending_movement',
        key: 'document_id',
        columns: ['card_id', 'source', 'credit_on', 'write_off_on', ...measures],
        order: ['card_id', 'source', 'credit_on', 'write_off_on'],
      },
      {
        table: 'document_file',
        key: 'billing_document_id',
        columns: ['file_name', 'rows_sha256'],
        order: ['rows_sha256'],
      },
    ],
    recordedAt: 'recorded_at',
  }),
  define({
    name: 'hold',
    group: 'billing',
    columns: ['operation_id', ...receiptKey, 'card_id', 'amount'],
  }),
];

/** A receipt with its mark, which is a unit of its own: billing can be switched off. */
export interface MarkedReceipt extends NumberedUnit {
  /** Null where billing has given it no place. */
  readonly mark: string | null;
}

/** Receipts are long, so both units are read at once: apart, the marks would take half as long again. */
const receiptsWithMarks = statement<{ after: number; to: number; limit: number }, MarkedReceipt>(
  (knex, p) => {
    const text = (columns: readonly string[]): string =>
      rowText(
        knex,
        columns.map((column) => `receipt.${column}`),
      );
    return knex.raw(
      `select id as "id", ${text(receiptColumns)} as "text",
         case when ${isMarked} then ${text(markColumns)} end as "mark" from receipt
       where id > ? and id <= ? order by id limit ?`,
      [p.after, p.to, limitMark],
    );
  },
  ([id, text, mark]) => ({
    id: id as number,
    text: text as string,
    mark: mark as string | null,
    recordedAt: null,
  }),
);

/** How far each source has come: the last number by its name. */
export type SealedMarks = Readonly<Record<string, number>>;

export async function findMarks(trx: Trx): Promise<SealedMarks> {
  const marks: Record<string, number> = {};
  for (const { name, last } of numberedSources) marks[name] = (await trx.first(last, {}))?.id ?? 0;
  return marks;
}

/** Units with numbers greater than `after`, up to `to`, in their order. */
export function listUnits(
  trx: Trx,
  source: NumberedSource,
  range: { readonly after: number; readonly to: number; readonly limit: number },
): Promise<NumberedUnit[]> {
  return trx.list(source.page, { ...range });
}

/** Receipts with numbers greater than `after`, up to `to`, each with its mark. */
export function listMarkedReceipts(
  trx: Trx,
  range: { readonly after: number; readonly to: number; readonly limit: number },
): Promise<MarkedReceipt[]> {
  return trx.list(receiptsWithMarks, { ...range });
}
