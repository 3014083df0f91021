// Which business day is to be sealed now: the last one that has ended, once its night has been.
import { findExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import type { Trx } from '../../db/db.ts';
import { findLatestRun } from '../../db/night/night-run.ts';
import { findLastSeal, type Seal } from '../../db/seals/seal.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { findDueDate, findNightState } from '../night/run-night.ts';

export type DueSeal =
  | { readonly code: 'due'; readonly businessOn: LocalDate; readonly last: Seal | undefined }
  | { readonly code: 'up_to_date' }
  /** A night is due or unfinished, or billing is being switched on or off: the next look finds them done. */
  | { readonly code: 'not_now'; readonly why: 'nights_due' | 'exclusive_mode' };

/** The last business day whose night has begun: that of the night before. */
export function findDueDay(now: LocalDateTime, nightTime: string): LocalDate {
  return addDays(findDueDate(now, nightTime), -1);
}

/** @param nightTime the time of the day at which the night begins: "02:00:00". */
export async function findDueSeal(
  infobase: Infobase,
  trx: Trx,
  now: LocalDateTime,
  nightTime: string,
): Promise<DueSeal> {
  const nightOn = findDueDate(now, nightTime);
  const businessOn = findDueDay(now, nightTime);
  const last = await findLastSeal(trx);
  if (last !== undefined && last.businessOn >= businessOn) return { code: 'up_to_date' };
  if ((await findExclusiveMode(trx)) !== undefined) return { code: 'not_now', why: 'exclusive_mode' };
  const night = await findNightState(infobase, trx);
  if (night.code === 'not_run' && night.why === 'enabling') return { code: 'not_now', why: 'exclusive_mode' };
  const run = await findLatestRun(trx);
  // Its document grows until it is done.
  const isUnfinished = run !== undefined && run.finishedAt === null;
  const isDue = night.code === 'billing' && night.state.lastNightOn < nightOn;
  if (isUnfinished || isDue) return { code: 'not_now', why: 'nights_due' };
  return { code: 'due', businessOn, last };
}
