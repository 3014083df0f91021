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

/** Which cards the entries say that they have changed; cards that were made are another thing. */
export interface CardChanges {
  /** A list or a file changed more cards than its entry names. */
  readonly areAny: boolean;
  readonly numbers: ReadonlySet<string>;
}

const ofCards = statement<{ afterId: number }, { key: string; before: string | null; after: string | null }>(
  (knex, p) =>
    knex('change_log').select('key', 'before', 'after').where('id', '>', p.afterId).where('subject', 'cards'),
);

export async function findCardChanges(trx: Trx, afterId: number): Promise<CardChanges> {
  const entries = await trx.list(ofCards, { afterId });
  // One card has its fields before; cards by a condition have what was set; a file has how many it changed.
  const numbers = entries.filter(({ before }) => before !== null).map(({ key }) => key);
  return { areAny: entries.some(({ after }) => changesMany(after)), numbers: new Set(numbers) };
}

function changesMany(after: string | null): boolean {
  let found: { readonly set?: unknown; readonly updated?: unknown } | null;
  try {
    found = JSON.parse(after ?? '{}') as typeof found;
  } catch {
    // Nobody has written it so by the product: it explains nothing.
    return false;
  }
  const { set, updated } = found ?? {};
  return set !== undefined || (typeof updated === 'number' && updated > 0);
}
