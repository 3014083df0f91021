// The first start of an infobase: an administrator and a till, so that the service can be called at once.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Infobase } from './infobase.ts';
import { makePassword } from './password.ts';
import { addServiceUser, listServiceUsers, type UserRole } from './users.ts';

export interface FirstUser {
  readonly name: string;
  readonly role: UserRole;
  /** Undefined where the operator gave it. */
  readonly password: string | undefined;
}

/**
 * Makes them where the infobase has no user at all.
 * @throws where the name or password given cannot be used.
 */
export async function makeFirstUsers(
  infobase: Infobase,
  now: LocalDateTime,
  admin: { readonly name: string; readonly password: string | undefined },
): Promise<FirstUser[]> {
  if ((await listServiceUsers(infobase)).length > 0) return [];
  const wanted = [
    { name: admin.name, role: 'admin' as const, given: admin.password },
    { name: admin.name === 'till' ? 'till-1' : 'till', role: 'till' as const, given: undefined },
  ];
  const made: FirstUser[] = [];
  for (const { name, role, given } of wanted) {
    const password = given ?? makePassword();
    const outcome = await addServiceUser(infobase, now, { name, role, password });
    if (!outcome.ok) throw new Error(`the first ${role} user cannot be made: ${outcome.why}`);
    made.push({ name, role, password: given === undefined ? password : undefined });
  }
  return made;
}
