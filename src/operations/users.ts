// Users of the service: who may call it and as what. Every change raises the revision, so a running service sees it.
import type { Trx } from '../db/db.ts';
import { findUser, listUsers, removeUser, saveUser, userRoles, type ServiceUser } from '../db/service-user.ts';
import type { UserRole } from '../db/service-user.ts';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Infobase } from './infobase.ts';
import { hashPassword } from './password.ts';
import { writeOrRehearse } from './rehearse.ts';

export { userRoles, type ServiceUser, type UserRole };

export const userNameLimit = 100;

export interface NewUser {
  readonly name: string;
  readonly role: UserRole;
  readonly password: string;
}

export type AddUserOutcome =
  { readonly ok: true; readonly isNew: boolean } | { readonly ok: false; readonly why: string };

/** The user of that exact name (letter case counts). */
export function findServiceUser(infobase: Infobase, name: string): Promise<ServiceUser | undefined> {
  return infobase.db.read((trx) => findUser(trx, normalizeName(name)));
}

export function listServiceUsers(infobase: Infobase): Promise<ServiceUser[]> {
  return infobase.db.read((trx) => listUsers(trx));
}

/** Adds a user; with `mayReplace` a known one gets the new role and password and keeps the moment of its making. */
export async function addServiceUser(
  infobase: Infobase,
  now: LocalDateTime,
  user: NewUser,
  mayReplace = false,
  isDryRun = false,
): Promise<AddUserOutcome> {
  const name = normalizeName(user.name);
  const why = findNameMistake(name) ?? findPasswordMistake(user.password);
  if (why !== undefined) return { ok: false, why };
  // Hashed before the transaction: nothing but queries may be awaited inside one.
  const passwordHash = await hashPassword(user.password);
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const isNew = (await findUser(trx, name)) === undefined;
    if (!isNew && !mayReplace) return { ok: false, why: `there is a user "${name}" already` };
    await saveUser(trx, { name, role: user.role, passwordHash, madeAt: now });
    return { ok: true, isNew };
  });
}

/** @returns whether there was such a user, and how many administrators are left. */
export function removeServiceUser(
  infobase: Infobase,
  name: string,
  isDryRun = false,
): Promise<{ readonly wasKnown: boolean; readonly admins: number }> {
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const known = await findUser(trx, normalizeName(name));
    if (known !== undefined) await removeUser(trx, known.name);
    return { wasKnown: known !== undefined, admins: await countAdmins(trx) };
  });
}

async function countAdmins(trx: Trx): Promise<number> {
  return (await listUsers(trx)).filter(({ role }) => role === 'admin').length;
}

function normalizeName(name: string): string {
  return name.normalize('NFC');
}

// Basic authentication parts name and password at the first colon, and carries no control characters (RFC 7617).
function findNameMistake(name: string): string | undefined {
  if (name === '' || name !== name.trim()) return 'a user name is not empty and has no blanks at its ends';
  if (name.length > userNameLimit) return `a user name has ${userNameLimit} characters at most`;
  return /[:\p{Cc}]/u.test(name) ? 'a user name has no colon and no control characters' : undefined;
}

function findPasswordMistake(password: string): string | undefined {
  if (password === '') return 'the password is empty';
  return /\p{Cc}/u.test(password) ? 'the password has control characters' : undefined;
}
