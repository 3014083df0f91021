// What became of the last sealing of the service, and how far the days are sealed, as an operator asks for it.
import { findLastSeal, type Seal } from '../../db/seals/seal.ts';
import { findSealRun, saveSealRun, type SealRunRow } from '../../db/seals/seal-run.ts';
import { daysBetween, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { findDueSeal, findDueDay, type DueSeal } from './find-due-seal.ts';

export type { SealRunRow } from '../../db/seals/seal-run.ts';

export type SealObstacle = Extract<DueSeal, { readonly code: 'not_now' }>['why'];

export interface SealState {
  readonly last: Seal | null;
  readonly lastRun: SealRunRow | null;
  /** The last day that has ended. */
  readonly dueOn: LocalDate;
  /** Days that have ended since the last seal. The first seal covers all that is there: then it is one. */
  readonly days: number;
  /** What a day that is due waits for. */
  readonly obstacle: SealObstacle | null;
}

/** @param nightTime the time of the day at which the night begins. */
export function readSealState(infobase: Infobase, now: LocalDateTime, nightTime: string): Promise<SealState> {
  return infobase.db.read(async (trx) => {
    const due = await findDueSeal(infobase, trx, now, nightTime);
    const last = (await findLastSeal(trx)) ?? null;
    const dueOn = findDueDay(now, nightTime);
    return {
      last,
      lastRun: (await findSealRun(trx)) ?? null,
      dueOn,
      days: last === null ? 1 : Math.max(0, daysBetween(last.businessOn, dueOn)),
      obstacle: due.code === 'not_now' ? due.why : null,
    };
  });
}

export function recordSealRun(infobase: Infobase, run: SealRunRow): Promise<void> {
  return infobase.db.write((trx) => saveSealRun(trx, run));
}
