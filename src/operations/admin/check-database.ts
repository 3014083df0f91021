// Whether a database is whole and adds up, and what is in it: a backup before it is given its name, and a file before it is
// restored. The same is asked of each, so that what was taken for good when it was written can be restored.
import { findContent, type BackupContent } from '../../db/admin/backup-content.ts';
import { findBalanceDifference, listMigrationsDone } from '../../db/admin/integrity.ts';
import type { Trx } from '../../db/db.ts';
import { listIntegrityMistakes } from '../../db/sqlite/file-check.ts';
import { isStorageFailure } from '../../db/sqlite/sqlite-error.ts';

export type DatabaseCheck =
  | { readonly ok: true; readonly schemaVersion: string; readonly content: BackupContent }
  /** Why it must not be used, the gravest first. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Reads the whole database: about 10 s for 1 GB. */
export async function checkDatabase(trx: Trx): Promise<DatabaseCheck> {
  try {
    const mistakes = await listIntegrityMistakes(trx);
    if (mistakes.length > 0) return { ok: false, mistakes };
    const difference = await findBalanceDifference(trx);
    if (difference !== undefined) {
      const { register, cardNumber } = difference;
      const owner = register === 'certificate' ? 'certificate' : 'card';
      return {
        ok: false,
        mistakes: [`${owner} ${cardNumber}: ${register} is not the sum of its movements`],
      };
    }
    const schemaVersion = (await listMigrationsDone(trx)).at(-1) ?? '';
    return { ok: true, schemaVersion, content: await findContent(trx) };
  } catch (reason) {
    // A page that cannot be read ends the check itself.
    if (!isStorageFailure(reason)) throw reason;
    return { ok: false, mistakes: [(reason as Error).message] };
  }
}
