// Whether who has logged in before is still the same user: a password or a role may have been changed since.
import { findUser, type ServiceUser } from '../../db/admin/service-user.ts';
import type { Infobase } from '../infobase.ts';

/** Looks at the revision too: settings and a test clock are fresh after it. */
export function findVisitor(
  infobase: Infobase,
  known: Pick<ServiceUser, 'name' | 'role' | 'passwordHash'>,
): Promise<ServiceUser | undefined> {
  return infobase.db.read(async (trx) => {
    await infobase.loadKnown(trx);
    const user = await findUser(trx, known.name);
    return user?.passwordHash === known.passwordHash && user.role === known.role ? user : undefined;
  });
}
