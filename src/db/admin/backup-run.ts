// The last scheduled backup of the infobase: one row.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface BackupRunRow {
  /** Both by the machine's clock, in the time zone of the service. */
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime;
  /** The path; null where none was made. */
  readonly file: string | null;
  readonly bytes: number | null;
  /** Why none was made; null where one was. */
  readonly why: string | null;
}

const find = statement<Record<string, never>, BackupRunRow>((knex) =>
  knex('backup_run').select({
    startedAt: 'started_at',
    finishedAt: 'finished_at',
    file: 'file',
    bytes: 'bytes',
    why: 'why',
  }),
);

const save = statement<{
  startedAt: string;
  finishedAt: string;
  file: string | null;
  bytes: number | null;
  why: string | null;
}>((knex, p) =>
  knex('backup_run')
    .insert({ id: 1, started_at: p.startedAt, finished_at: p.finishedAt, file: p.file, bytes: p.bytes, why: p.why })
    .onConflict('id')
    .merge(),
);

export function findBackupRun(trx: Trx): Promise<BackupRunRow | undefined> {
  return trx.first(find, {});
}

export async function saveBackupRun(trx: Trx, run: BackupRunRow): Promise<void> {
  await trx.change(save, { ...run });
}
