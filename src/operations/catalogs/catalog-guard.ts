// A change of a catalog by a caller who has seen it before: nothing is changed that somebody else has changed meanwhile.
import type { Trx } from '../../db/db.ts';

export interface CatalogOptions<Entry> {
  readonly isDryRun?: boolean;
  /** Whether the catalog is what the caller has seen; left out, whatever it is. */
  readonly isExpected?: (catalog: readonly Entry[]) => boolean;
}

/** In the transaction of the change. */
export async function isCatalogChanged<Entry>(
  trx: Trx,
  load: (trx: Trx) => Promise<readonly Entry[]>,
  { isExpected }: CatalogOptions<Entry>,
): Promise<boolean> {
  return isExpected !== undefined && !isExpected(await load(trx));
}
