// What is sealed by its key: catalogs, settings, users, and small facts without a number. They are read whole each time.
import type { ChangeSubject } from '../admin/change-log.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, type Statement } from '../statement.ts';
import type { SealedGroup } from './numbered-source.ts';
import { linesText, rowMark, rowText, type UnitLines } from './unit-text.ts';

export interface KeyedUnit {
  readonly key: string;
  readonly text: string;
  /** The moment or the date of the row; null where its table has none. */
  readonly recordedAt: string | null;
}

export interface KeyedSource {
  readonly name: string;
  readonly group: SealedGroup;
  /** The entries of the log of changes that explain a change of the row with the same key; null = rows are only added. */
  readonly subject: ChangeSubject | null;
  /** Its tables with the columns that are read; a test finds those that nobody has thought of. */
  readonly reads: readonly { readonly table: string; readonly columns: readonly string[] }[];
  readonly page: Statement<{ after: string; limit: number }, KeyedUnit>;
}

interface Spec {
  readonly name: string;
  readonly group?: SealedGroup;
  readonly subject?: ChangeSubject;
  readonly key: string;
  readonly columns: readonly string[];
  readonly lines?: readonly UnitLines[];
  readonly where?: string;
  readonly recordedAt?: string;
}

function define({ name, group = 'trade', subject, key, columns, lines = [], where, recordedAt }: Spec): KeyedSource {
  return {
    name,
    group,
    subject: subject ?? null,
    reads: [
      { table: name, columns: [key, ...columns] },
      ...lines.map((one) => ({ ...one, columns: [one.key, ...one.columns] })),
    ],
    page: statement((knex, p) => {
      const own = rowText(
        knex,
        columns.map((column) => `${name}.${column}`),
      );
      const text =
        lines.length === 0
          ? own
          : `concat_ws('${rowMark}', ${[own, ...lines.map((one) => linesText(knex, `${name}.${key}`, one))].join(', ')})`;
      const more = where === undefined ? '' : ` and ${where}`;
      return knex.raw(
        `select "key", "text", "recordedAt" from (
           select cast(${key} as text) as "key", ${text} as "text", ${recordedAt ?? 'null'} as "recordedAt" from ${name}
           where 1 = 1${more}) as unit
         where "key" > cast(? as text) order by "key" limit ?`,
        [p.after, limitMark],
      );
    }),
  };
}

export const keyedSources: readonly KeyedSource[] = [
  define({ name: 'setting', subject: 'setting', key: 'name', columns: ['value'] }),
  define({ name: 'service_user', subject: 'user', key: 'name', columns: ['role', 'password_hash', 'made_at'] }),
  define({
    name: 'card_kind',
    subject: 'card_kind',
    key: 'code',
    columns: [
      'name',
      'purpose',
      'discount',
      'max_redeem_percent_hundredths',
      'accrual_percent_hundredths',
      'bonus_rule_code',
      'accumulation_rule_code',
    ],
  }),
  define({
    name: 'life_rule',
    subject: 'life_rule',
    key: 'code',
    columns: ['name', 'register', 'delay', 'life', 'life_from'],
  }),
  define({ name: 'shop', subject: 'shop', key: 'code', columns: ['name'] }),
  define({ name: 'till', subject: 'till', key: 'kkm', columns: ['shop_code', 'is_synced'] }),
  define({ name: 'certificate_kind', subject: 'certificate_kind', key: 'code', columns: ['name', 'nominal', 'life'] }),
  define({
    name: 'receipt_told_online',
    key: 'receipt_id',
    columns: ['told_at', 'content'],
    recordedAt: 'told_at',
  }),
  // Its name and counts are those of the last time that it was loaded.
  define({ name: 'exchange_file', key: "sha256 || ' ' || kkm", columns: ['sha256', 'kkm'], recordedAt: 'loaded_at' }),
  define({
    name: 'billing_state',
    group: 'billing',
    subject: 'billing',
    key: 'id',
    columns: ['start_on', 'last_receipt_id'],
  }),
  define({ name: 'opening_group', group: 'billing', key: 'receipt_id', columns: ['card_id', 'content'] }),
  define({
    name: 'night_run',
    group: 'billing',
    key: 'business_on',
    where: 'finished_at is not null',
    columns: [
      'started_at',
      'finished_at',
      'done_card_id',
      'write_off_document_id',
      'accrual_document_id',
      'reserved_document_id',
      'write_off_lines',
      'accrual_lines',
    ],
    lines: [
      {
        table: 'night_mark',
        key: 'business_on',
        columns: ['from_card_id', 'last_document_id'],
        order: ['from_card_id'],
      },
      {
        table: 'night_hold',
        key: 'business_on',
        columns: ['hold_id', 'card_id', 'amount', 'kept'],
        order: ['hold_id'],
        // Without it the night has not come to the card: it was given back before.
        where: 'night_hold.kept is not null',
      },
    ],
    recordedAt: 'finished_at',
  }),
];

/** The units with keys after `after`, in the order of the keys. */
export function listKeyedUnits(trx: Trx, { page }: KeyedSource, after: string, limit: number): Promise<KeyedUnit[]> {
  return trx.list(page, { after, limit });
}
