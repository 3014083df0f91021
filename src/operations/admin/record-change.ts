// Notes in the log who changed what, in the transaction of the change itself: there is no change without its row, and no row
// without its change. An infobase that nobody acts on (a demo, a test of an operation) notes nothing.
import { insertChange, type ChangeSubject } from '../../db/admin/change-log.ts';
import type { Trx } from '../../db/db.ts';
import { fromSeconds, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Actor, Infobase } from '../infobase.ts';

/** Values that JSON can hold; never a password. */
type Fields = Readonly<object>;

export interface Change {
  readonly subject: ChangeSubject;
  readonly key: string;
  /** Left out where there was nothing before. */
  readonly before?: Fields | undefined;
  /** Left out where there is nothing afterwards. */
  readonly after?: Fields | undefined;
}

/** Of both sides only the fields that differ are kept; where none does, nothing was changed and nothing is noted. */
export async function recordChange(trx: Trx, infobase: Infobase, change: Change): Promise<void> {
  const { actor } = infobase;
  if (actor === undefined) return;
  const { subject, key } = change;
  const before = listValues(change.before);
  const after = listValues(change.after);
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  if (names.length === 0) return;
  await insertChange(trx, {
    recordedAt: readMoment(infobase, actor),
    actor: actor.name,
    door: actor.door,
    subject,
    key,
    before: write(before, names),
    after: write(after, names),
  });
}

function readMoment({ timeZone }: Infobase, { readMs }: Actor): LocalDateTime {
  const seconds = Math.floor(readMs() / 1000);
  return fromSeconds(seconds + timeZone.offsetAt(seconds)) as LocalDateTime;
}

/** Each as JSON; one that is not given is left out. */
function listValues(fields: Fields = {}): Map<string, string> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new Map(given.map(([name, value]) => [name, JSON.stringify(value)]));
}

function write(values: ReadonlyMap<string, string>, names: readonly string[]): string | null {
  const known = names.filter((name) => values.has(name));
  if (known.length === 0) return null;
  return `{${known.map((name) => `${JSON.stringify(name)}:${values.get(name)}`).join(',')}}`;
}
