// When the last document and the last change were recorded.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

const lastOf = (table: 'document' | 'change_log') =>
  statement<Record<string, never>, { at: LocalDateTime }>((knex) =>
    knex(table).select({ at: 'recorded_at' }).orderBy('id', 'desc').limit(1, written),
  );
const lastDocument = lastOf('document');
const lastChange = lastOf('change_log');

export interface LastMoments {
  /** By the infobase's clock; null where there is none. */
  readonly lastDocumentAt: LocalDateTime | null;
  /** By the machine's clock. */
  readonly lastChangeAt: LocalDateTime | null;
}

export async function findLastMoments(trx: Trx): Promise<LastMoments> {
  return {
    lastDocumentAt: (await trx.first(lastDocument, {}))?.at ?? null,
    lastChangeAt: (await trx.first(lastChange, {}))?.at ?? null,
  };
}
