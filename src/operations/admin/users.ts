// Users of the service: who may call it and as what. Every change raises the revision, so a running service sees it.
import type { Trx } from '../../db/db.ts';
import { findUser, listUsers, removeUser, saveUser, userRoles, type ServiceUser } from '../../db/admin/service-user.ts';
import type { UserRole } from '../../db/admin/service-user.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { hashPassword, isPossiblePassword, passwordLimit } from './password.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { recordChange } from './record-change.ts';

export { userRoles, type ServiceUser, type UserRole };

export const userNameLimit = 100;
/** Characters of a password that is taken without being asked twice. */
export const shortestPassword = 6;

export interface NewUser {
  readonly name: string;
  readonly role: UserRole;
  readonly password: string;
}

/** `isShort`: the password is refused for its length alone, and is taken where `mayBeShort` allows it. */
interface UserRefused extends Refusal<'name' | 'password'> {
  readonly isShort?: true;
}

export type AddUserOutcome = { readonly ok: true; readonly isNew: boolean } | UserRefused;
export type PrepareUserOutcome = { readonly ok: true; readonly user: ServiceUser } | UserRefused;

export interface AddUserOptions {
  /** A known user gets the new role and password and keeps the moment it was added. */
  readonly mayReplace?: boolean;
  readonly mayBeShort?: boolean;
  readonly isDryRun?: boolean;
}

/** The user of that exact name (letter case counts). */
export function findServiceUser(infobase: Infobase, name: string): Promise<ServiceUser | undefined> {
  return infobase.db.read((trx) => findUser(trx, normalizeName(name)));
}

export function listServiceUsers(infobase: Infobase): Promise<ServiceUser[]> {
  return infobase.db.read((trx) => listUsers(trx));
}

/** Whether there can be a user of that name with that password: what cannot be need not be checked. */
export function isPossibleLogin(name: string, password: string): boolean {
  return findNameMistake(normalizeName(name)) === undefined && isPossiblePassword(password);
}

export async function addServiceUser(
  infobase: Infobase,
  now: LocalDateTime,
  given: NewUser,
  { mayReplace = false, mayBeShort = false, isDryRun = false }: AddUserOptions = {},
): Promise<AddUserOutcome> {
  const prepared = await prepareUser(given, now, mayBeShort);
  if (!prepared.ok) return prepared;
  const { user } = prepared;
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const known = await findUser(trx, user.name);
    const isNew = known === undefined;
    if (!isNew && !mayReplace) return refuse(`there is a user "${user.name}" already`, { field: 'name' });
    await saveUser(trx, user);
    await recordUser(trx, infobase, known, user);
    return { ok: true, isNew };
  });
}

/** The row of a user, checked and hashed ahead of the transaction: nothing but queries may be awaited inside one. */
export async function prepareUser(
  { name: givenName, role, password }: NewUser,
  madeAt: LocalDateTime,
  mayBeShort = false,
): Promise<PrepareUserOutcome> {
  const name = normalizeName(givenName);
  const nameMistake = findNameMistake(name);
  if (nameMistake !== undefined) return refuse(nameMistake, { field: 'name' });
  const passwordMistake = findPasswordMistake(password);
  if (passwordMistake !== undefined) return refuse(passwordMistake, { field: 'password' });
  if (!mayBeShort && Array.from(password).length < shortestPassword) {
    const why = `the password has fewer than ${shortestPassword} characters`;
    return { ...refuse(why, { field: 'password' }), isShort: true };
  }
  return { ok: true, user: { name, role, passwordHash: await hashPassword(password), madeAt } };
}

export type ChangeUserOutcome = { readonly ok: true; readonly admins: number } | UserRefused;

/**
 * Gives a known user another role, another password or both; what is left out stays, and so does the moment it was added.
 * @returns how many administrators are left.
 */
export async function changeServiceUser(
  infobase: Infobase,
  name: string,
  { role, password }: { readonly role?: UserRole; readonly password?: string },
  isDryRun = false,
): Promise<ChangeUserOutcome> {
  const known = await findServiceUser(infobase, name);
  if (known === undefined) return refuseUnknown(name);
  const given = password === undefined ? undefined : await prepareUser({ ...known, password }, known.madeAt);
  if (given?.ok === false) return given;
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<ChangeUserOutcome> => {
    const user = await findUser(trx, known.name);
    if (user === undefined) return refuseUnknown(name);
    const passwordHash = given?.user.passwordHash ?? user.passwordHash;
    const changed = { ...user, role: role ?? user.role, passwordHash };
    await saveUser(trx, changed);
    await recordUser(trx, infobase, user, changed);
    return { ok: true, admins: await countAdmins(trx) };
  });
}

function refuseUnknown(name: string): UserRefused {
  return refuse(`there is no user "${name}"`, { field: 'name', sort: 'not_found' });
}

/** Of a password only that it was changed. */
export function recordUser(
  trx: Trx,
  infobase: Infobase,
  before: ServiceUser | undefined,
  after: ServiceUser | undefined,
): Promise<void> {
  const hasNewPassword = before !== undefined && after !== undefined && before.passwordHash !== after.passwordHash;
  return recordChange(trx, infobase, {
    subject: 'user',
    key: (after ?? before)?.name ?? '',
    before: before && { role: before.role },
    after: after && { role: after.role, ...(hasNewPassword ? { password: 'changed' } : {}) },
  });
}

/** How it went, and how many administrators are left. */
export interface RemoveUserOutcome {
  readonly sort: 'removed' | 'unknown' | 'last_admin';
  readonly admins: number;
}

/** @param mustLeaveAdmin whether the last administrator is not removed: nobody could add another over the network. */
export function removeServiceUser(
  infobase: Infobase,
  name: string,
  { isDryRun = false, mustLeaveAdmin = false }: { readonly isDryRun?: boolean; readonly mustLeaveAdmin?: boolean } = {},
): Promise<RemoveUserOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<RemoveUserOutcome> => {
    const known = await findUser(trx, normalizeName(name));
    const admins = await countAdmins(trx);
    if (known === undefined) return { sort: 'unknown', admins };
    if (mustLeaveAdmin && known.role === 'admin' && admins === 1) return { sort: 'last_admin', admins };
    await removeUser(trx, known.name);
    await recordUser(trx, infobase, known, undefined);
    return { sort: 'removed', admins: await countAdmins(trx) };
  });
}

async function countAdmins(trx: Trx): Promise<number> {
  return (await listUsers(trx)).filter(({ role }) => role === 'admin').length;
}

function normalizeName(name: string): string {
  return name.normalize('NFC');
}

/**
 * Why nobody can be called so; undefined where it is a name. Basic authentication parts name and password at the first
 * colon, and carries no control characters (RFC 7617).
 */
export function findNameMistake(name: string): string | undefined {
  if (name === '' || name !== name.trim()) return 'a user name is not empty and has no blanks at its ends';
  if (name.length > userNameLimit) return `a user name has ${userNameLimit} characters at most`;
  return /[:\p{Cc}\uFFFD]/u.test(name) ? 'a user name has no colon and no control characters' : undefined;
}

/** Why it cannot be a password; undefined where it can. The text does not show it. */
export function findPasswordMistake(password: string): string | undefined {
  if (isPossiblePassword(password)) return undefined;
  if (password === '') return 'the password is empty';
  if (password.length > passwordLimit) return `a password has ${passwordLimit} characters at most`;
  return 'the password has control characters, or is not in UTF-8';
}
