// The first start of an infobase: an administrator and a till, so that the service can be called at once.
import { listUsers, saveUser, type ServiceUser } from '../../db/admin/service-user.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { makePassword } from './password.ts';
import { listServiceUsers, prepareUser, recordUser, type UserRole } from './users.ts';

export interface FirstUser {
  readonly name: string;
  readonly role: UserRole;
  /** Undefined where the operator gave it. */
  readonly password: string | undefined;
}

/** The operator gave the first administrator a name or a password that cannot be used. */
export class FirstUserRefused extends Error {
  readonly why: string;
  constructor(role: UserRole, why: string) {
    super(`the first ${role} user cannot be made: ${why}`);
    this.why = why;
  }
}

export interface FirstUsers {
  /** Those that are there now; empty where the infobase had users, before or meanwhile. */
  readonly made: readonly FirstUser[];
  /** Those that are not there, for their passwords could not be shown. */
  readonly unseen: readonly FirstUser[];
  /** Another process has made its own meanwhile: what was shown is void. */
  readonly isOvertaken: boolean;
  /** Why passwords could not be shown. */
  readonly trouble?: unknown;
}

/**
 * Makes them where the infobase has no user at all: first they are shown, then they are there, both in one transaction.
 * A process that is killed in between leaves an infobase without users, and the next start shows others; so there is never a
 * user whose password nobody has seen.
 * @param show resolves once the operator can read it, and rejects where that cannot be: then only those are made whose
 *   password the operator gave.
 * @throws FirstUserRefused
 */
export async function makeFirstUsers(
  infobase: Infobase,
  now: LocalDateTime,
  admin: { readonly name: string; readonly password: string | undefined },
  show: (users: readonly FirstUser[]) => Promise<void>,
): Promise<FirstUsers> {
  const none = { made: [], unseen: [], isOvertaken: false };
  if ((await listServiceUsers(infobase)).length > 0) return none;
  const wanted = await prepareFirstUsers(now, admin);
  const shown = await tryToShow(wanted, show);
  const rows = shown.seen.map(({ row }) => row);
  const isOvertaken = rows.length > 0 && !(await saveFirstUsers(infobase, rows));
  if (isOvertaken) return { ...none, isOvertaken };
  const { trouble } = shown;
  const unseen = wanted.filter((one) => !shown.seen.includes(one)).map(({ user }) => user);
  return { made: shown.seen.map(({ user }) => user), unseen, isOvertaken, trouble };
}

interface WantedUser {
  readonly user: FirstUser;
  readonly row: ServiceUser;
}

async function prepareFirstUsers(
  now: LocalDateTime,
  admin: { readonly name: string; readonly password: string | undefined },
): Promise<WantedUser[]> {
  const wanted = [
    { name: admin.name, role: 'admin' as const, given: admin.password },
    { name: admin.name === 'till' ? 'till-1' : 'till', role: 'till' as const, given: undefined },
  ];
  const prepared: WantedUser[] = [];
  for (const { name, role, given } of wanted) {
    const password = given ?? makePassword();
    const outcome = await prepareUser({ name, role, password }, now);
    if (!outcome.ok) throw new FirstUserRefused(role, outcome.why);
    prepared.push({ user: { name, role, password: given === undefined ? password : undefined }, row: outcome.user });
  }
  return prepared;
}

async function tryToShow(
  wanted: readonly WantedUser[],
  show: (users: readonly FirstUser[]) => Promise<void>,
): Promise<{ readonly seen: readonly WantedUser[]; readonly trouble?: unknown }> {
  try {
    await show(wanted.map(({ user }) => user));
    return { seen: wanted };
  } catch (trouble) {
    return { seen: wanted.filter(({ user }) => user.password === undefined), trouble };
  }
}

/** @returns false where there are users by now. */
function saveFirstUsers(infobase: Infobase, users: readonly ServiceUser[]): Promise<boolean> {
  return infobase.db.write(async (trx) => {
    if ((await listUsers(trx)).length > 0) return false;
    for (const user of users) {
      await saveUser(trx, user);
      await recordUser(trx, infobase, undefined, user);
    }
    return true;
  });
}
