// Users whose password is hashed as an older version did, or in a form that no version reads.
import { fail, ok, warn, type Finding } from './finding.ts';
import type { OldHash } from '../../../operations/admin/read-upkeep.ts';

const check = 'hashes';

export function judgeHashes(old: readonly OldHash[]): Finding {
  if (old.length === 0) return ok(check, 'every password is hashed as this version does');
  const unreadable = old.filter(({ isReadable }) => !isReadable);
  const remedy = 'give each a new password: kkm user add NAME --role ROLE --update';
  if (unreadable.length > 0)
    return fail(check, `cannot log in, the hash cannot be read: ${nameUsers(unreadable)}`, remedy);
  return warn(check, `hashed with less work than this version uses: ${nameUsers(old)}`, remedy);
}

function nameUsers(users: readonly OldHash[]): string {
  return users.map(({ user }) => user).join(', ');
}
