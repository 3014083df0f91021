// The log of changes as tests look at it: the rows that something has left, the oldest first.
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listChanges, type ListedChange } from '../../../src/operations/admin/list-changes.ts';

const everything = { subject: null, by: null, from: null, to: null } as const;

export async function readLog(infobase: Infobase): Promise<ListedChange[]> {
  return (await listChanges(infobase, everything, { limit: 1_000, before: null })).changes.toReversed();
}

export type LoggedWhat = Pick<ListedChange, 'subject' | 'key' | 'before' | 'after'>;

/** What was changed, without who did it and when. */
export function whatOf({ subject, key, before, after }: ListedChange): LoggedWhat {
  return { subject, key, before, after };
}
