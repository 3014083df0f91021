// Why an infobase is not ready for its tills: its files, its clock, its nights, its settings. Reads little, so that it may be
// asked every second.
import { findExclusiveMode, type ExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import type { StorageTrouble, StorageTroubleCode } from '../../db/db.ts';
import { findStandingHolder } from '../../db/lease.ts';
import { findLatestRun } from '../../db/night/night-run.ts';
import { dateOf, daysBetween, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { resultCodes } from '../../ledger/result.ts';
import type { Infobase } from '../infobase.ts';
import { findDueDate, findNextNight } from '../night/run-night.ts';
import { loadStanding } from '../standing.ts';

export type { ExclusiveMode, StorageTrouble, StorageTroubleCode };

export type Obstacle =
  | { readonly code: 'storage'; readonly trouble: StorageTrouble }
  /** The clock stands before the last night that was run: what comes now would be dated before it. */
  | { readonly code: 'clock_behind'; readonly now: LocalDateTime; readonly lastNightOn: LocalDate }
  | { readonly code: 'nights_due'; readonly fromOn: LocalDate; readonly nights: number }
  | { readonly code: 'stage_cards' }
  | { readonly code: 'no_subscription' }
  | { readonly code: 'exclusive_mode'; readonly mode: ExclusiveMode | undefined }
  /** The setting acceptCards: cards are not answered about. */
  | { readonly code: 'cards_not_accepted' };

export interface ObstacleQuestion {
  /** The infobase's clock; asked once settings have been read, for a test clock is as fresh as that. */
  readonly readNow: () => LocalDateTime;
  /** The time of the day at which the night begins: "02:00:00". */
  readonly nightTime: string;
  /** The machine's clock in milliseconds, by which leases run out. */
  readonly readMs: () => number;
  /** Whether this process is at the nights that are due. */
  readonly isNightAtWork?: boolean;
}

/** @throws where the database does not answer. */
export async function findObstacles(infobase: Infobase, question: ObstacleQuestion): Promise<Obstacle[]> {
  const troubles = await infobase.db.listTroubles();
  const storage = troubles.map((trouble) => ({ code: 'storage', trouble }) as const);
  try {
    return [...storage, ...(await findOwnObstacles(infobase, question))];
  } catch (reason) {
    // Where its files are at fault, that is why it does not answer.
    if (storage.length > 0) return storage;
    throw reason;
  }
}

async function findOwnObstacles(infobase: Infobase, question: ObstacleQuestion): Promise<Obstacle[]> {
  const gate = await findGateObstacle(infobase);
  const now = question.readNow();
  const clock = await findClockObstacle(infobase, now);
  const night = await findNightObstacle(infobase, now, question);
  return [clock, night, gate].filter((one) => one !== undefined);
}

function findGateObstacle(infobase: Infobase): Promise<Obstacle | undefined> {
  return infobase.db.read(async (trx) => {
    const { gate, settings } = await loadStanding(trx, infobase);
    if (gate === resultCodes.moduleOff) return { code: 'stage_cards' };
    if (gate === resultCodes.noSubscription) return { code: 'no_subscription' };
    if (gate === resultCodes.exclusiveMode) return { code: 'exclusive_mode', mode: await findExclusiveMode(trx) };
    return settings.acceptCards === 'false' ? { code: 'cards_not_accepted' } : undefined;
  });
}

function findClockObstacle(infobase: Infobase, now: LocalDateTime): Promise<Obstacle | undefined> {
  return infobase.db.read(async (trx) => {
    // By the date: an hour that a change of clocks takes back is not a fault.
    const run = await findLatestRun(trx);
    if (run === undefined || run.businessOn <= dateOf(now)) return undefined;
    return { code: 'clock_behind', now, lastNightOn: run.businessOn };
  });
}

/** Tonight's night is not an obstacle while it is running; one that was missed comes before new work. */
async function findNightObstacle(
  infobase: Infobase,
  now: LocalDateTime,
  { nightTime, readMs, isNightAtWork = false }: ObstacleQuestion,
): Promise<Obstacle | undefined> {
  const dueOn = findDueDate(now, nightTime);
  const next = await findNextNight(infobase, dueOn);
  if (next.code !== 'due') return undefined;
  const { businessOn: fromOn } = next;
  if (fromOn === dueOn) {
    if (isNightAtWork) return undefined;
    const holder = await infobase.db.read((trx) => findStandingHolder(trx, 'night', readMs()));
    if (holder !== undefined) return undefined;
  }
  return { code: 'nights_due', fromOn, nights: daysBetween(fromOn, dueOn) + 1 };
}
