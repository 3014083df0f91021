// Users of the service. Passwords are kept as salted scrypt hashes only.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { raiseRevision } from './setting.ts';
import { statement } from '../statement.ts';

export const userRoles = ['till', 'admin', 'auditor'] as const;
export type UserRole = (typeof userRoles)[number];

export interface ServiceUser {
  readonly name: string;
  readonly role: UserRole;
  readonly passwordHash: string;
  readonly madeAt: LocalDateTime;
}

const columns = { name: 'name', role: 'role', passwordHash: 'password_hash', madeAt: 'made_at' };

const byName = statement<{ name: string }, ServiceUser>((knex, p) =>
  knex('service_user').select(columns).where('name', p.name),
);
const all = statement<Record<string, never>, ServiceUser>((knex) =>
  knex('service_user').select(columns).orderBy('name'),
);
const save = statement<{ name: string; role: string; passwordHash: string; madeAt: string }>((knex, p) =>
  knex('service_user')
    .insert({ name: p.name, role: p.role, password_hash: p.passwordHash, made_at: p.madeAt })
    .onConflict('name')
    .merge(['role', 'password_hash']),
);
const remove = statement<{ name: string }>((knex, p) => knex('service_user').where('name', p.name).delete());

export function findUser(trx: Trx, name: string): Promise<ServiceUser | undefined> {
  return trx.first(byName, { name });
}

export function listUsers(trx: Trx): Promise<ServiceUser[]> {
  return trx.list(all, {});
}

/** Adds a user, or gives a known one a new role and password. */
export async function saveUser(trx: Trx, user: ServiceUser): Promise<void> {
  await trx.change(save, { ...user });
  await raiseRevision(trx);
}

/** @returns whether there was such a user. */
export async function removeUser(trx: Trx, name: string): Promise<boolean> {
  const removed = await trx.change(remove, { name });
  await raiseRevision(trx);
  return removed > 0;
}
