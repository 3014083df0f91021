// The log of changes: who changed what that is no document, and who made a document by hand. Rows are never changed or removed.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

/** Where the person was: a page of the console, the HTTP service, the command line; or the service by itself. */
export const doors = ['console', 'http', 'cli', 'soap', 'service'] as const;
export type Door = (typeof doors)[number];

export const changeSubjects = [
  'setting',
  'user',
  'card_kind',
  'life_rule',
  'shop',
  'till',
  'cards',
  'certificate_kind',
  'certificates',
  'clock',
  'billing',
  'import',
  'document',
  'infobase',
  'sync',
] as const;
export type ChangeSubject = (typeof changeSubjects)[number];

export interface NewChange {
  /** By the machine's clock. */
  readonly recordedAt: LocalDateTime;
  readonly actor: string;
  readonly door: Door;
  readonly subject: ChangeSubject;
  /** Which of them: the name of a setting, the code of a kind. */
  readonly key: string;
  /** A JSON object of the fields that differ; null where there was nothing. */
  readonly before: string | null;
  /** Null where there is nothing any more. */
  readonly after: string | null;
}

export interface LoggedChange extends NewChange {
  readonly id: number;
}

const columns = {
  id: 'id',
  recordedAt: 'recorded_at',
  actor: 'actor',
  door: 'door',
  subject: 'subject',
  key: 'key',
  before: 'before',
  after: 'after',
};

const insert = statement<{ [K in keyof NewChange]: NewChange[K] }, { id: number }>((knex, p) =>
  knex('change_log')
    .insert({
      recorded_at: p.recordedAt,
      actor: p.actor,
      door: p.door,
      subject: p.subject,
      key: p.key,
      before: p.before,
      after: p.after,
    })
    .returning('id'),
);

/** '' is any subject, any actor. */
interface RangeParameters {
  [name: string]: string | number;
  subject: string;
  actor: string;
  from: string;
  to: string;
  fromId: number;
  beforeId: number;
  limit: number;
}

const inRange = statement<RangeParameters, LoggedChange>((knex, p) =>
  knex('change_log')
    .select(columns)
    .where('id', '>=', p.fromId)
    .where('id', '<', p.beforeId)
    .whereRaw("(cast(? as text) = '' or subject = ?)", [p.subject, p.subject])
    .whereRaw("(cast(? as text) = '' or actor = ?)", [p.actor, p.actor])
    .whereBetween('recorded_at', [p.from, p.to])
    .orderBy('id', 'desc')
    .limit(limitMark),
);
const last = statement<Record<string, never>, { id: number | null }>((knex) => knex('change_log').max({ id: 'id' }));

export async function insertChange(trx: Trx, change: NewChange): Promise<void> {
  await trx.insert(insert, { ...change });
}

export interface ChangeFilter {
  /** Null = any. */
  readonly subject: ChangeSubject | null;
  /** The exact name; null = any. */
  readonly actor: string | null;
  /** Both included. */
  readonly from: LocalDateTime;
  readonly to: LocalDateTime;
}

/** Of the changes with ids from `fromId` on and before `beforeId`, those that match, the latest first. */
export function listChangeRange(
  trx: Trx,
  { subject, actor, from, to }: ChangeFilter,
  range: { readonly fromId: number; readonly beforeId: number; readonly limit: number },
): Promise<LoggedChange[]> {
  return trx.list(inRange, { subject: subject ?? '', actor: actor ?? '', from, to, ...range });
}

/** 0 where there is none. */
export async function findLastChangeId(trx: Trx): Promise<number> {
  return (await trx.first(last, {}))?.id ?? 0;
}
