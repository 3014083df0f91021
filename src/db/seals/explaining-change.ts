// The entries of the log of changes since a seal: they explain what has changed in catalogs and settings.
import type { ChangeSubject } from '../admin/change-log.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ExplainingChange {
  readonly subject: ChangeSubject;
  readonly key: string;
}

const since = statement<{ afterId: number }, ExplainingChange>((knex, p) =>
  knex('change_log').distinct('subject', 'key').where('id', '>', p.afterId),
);

export function listExplainingChanges(trx: Trx, afterId: number): Promise<ExplainingChange[]> {
  return trx.list(since, { afterId });
}
