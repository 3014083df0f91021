// The log of changes as people read it: who changed what, when, from what to what, the latest first.
import { findLastChangeId, listChangeRange, type ChangeSubject, type Door } from '../../db/admin/change-log.ts';
import { firstMoment, lastMoment, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { scanBack } from '../scan-back.ts';

export { changeSubjects, doors, type ChangeSubject, type Door } from '../../db/admin/change-log.ts';

/** The fields that differ, by their names. */
export type ChangedFields = Readonly<Record<string, unknown>>;

export interface ListedChange {
  readonly id: number;
  /** By the machine's clock. */
  readonly recordedAt: LocalDateTime;
  readonly by: string;
  readonly door: Door;
  readonly subject: ChangeSubject;
  readonly key: string;
  /** Null where there was nothing. */
  readonly before: ChangedFields | null;
  /** Null where there is nothing any more. */
  readonly after: ChangedFields | null;
}

/** What is null does not restrict the list. */
export interface ChangeListFilter {
  readonly subject: ChangeSubject | null;
  /** The exact name. */
  readonly by: string | null;
  /** Dates by the machine's clock, both included. */
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

export interface ChangePage {
  readonly changes: readonly ListedChange[];
  /** The id before which the next page begins; null if this is the last page. */
  readonly next: number | null;
}

/** @param before the `next` of the last page; null for the first. */
export async function listChanges(
  { db }: Infobase,
  { subject, by, from, to }: ChangeListFilter,
  { limit, before }: { readonly limit: number; readonly before: number | null },
): Promise<ChangePage> {
  const matching = {
    subject,
    actor: by,
    from: from === null ? firstMoment : startOf(from),
    to: to === null ? lastMoment : (`${to}T23:59:59` as LocalDateTime),
  };
  const last = await db.read(findLastChangeId);
  const { rows, next } = await scanBack(Math.min(before ?? Number.MAX_SAFE_INTEGER, last + 1), limit, (range) =>
    db.read((trx) => listChangeRange(trx, matching, range)),
  );
  const changes = rows.map(({ actor, before: was, after: is, ...change }) => {
    return { ...change, by: actor, before: parse(was), after: parse(is) };
  });
  return { changes, next };
}

function parse(json: string | null): ChangedFields | null {
  return json === null ? null : (JSON.parse(json) as ChangedFields);
}
