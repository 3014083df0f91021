// The last sealing that the service began: one row.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface SealRunRow {
  /** Both by the infobase's clock. */
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime;
  /** The day that was sealed; null where none was. */
  readonly businessOn: LocalDate | null;
  /** Why none was; null where one was. */
  readonly why: string | null;
}

const find = statement<Record<string, never>, SealRunRow>((knex) =>
  knex('seal_run').select({
    startedAt: 'started_at',
    finishedAt: 'finished_at',
    businessOn: 'business_on',
    why: 'why',
  }),
);

const save = statement<{ startedAt: string; finishedAt: string; businessOn: string | null; why: string | null }>(
  (knex, p) =>
    knex('seal_run')
      .insert({ id: 1, started_at: p.startedAt, finished_at: p.finishedAt, business_on: p.businessOn, why: p.why })
      .onConflict('id')
      .merge(),
);

export function findSealRun(trx: Trx): Promise<SealRunRow | undefined> {
  return trx.first(find, {});
}

export async function saveSealRun(trx: Trx, run: SealRunRow): Promise<void> {
  await trx.change(save, { ...run });
}
