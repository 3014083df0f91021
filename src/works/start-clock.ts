// Starts the move of a test infobase's clock with the nights on its way. What a restart breaks off keeps the
// time that it had reached.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import { dateOf, daysBetween, formatForPeople, type LocalDateTime } from '../ledger/local-date-time.ts';
import { advanceClock } from '../operations/admin/move-clock.ts';
import type { NightObstacle } from '../operations/night/run-night.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface ClockResult {
  readonly now: LocalDateTime;
  readonly nights: number;
  /** Why no night was run; null where nights are run. */
  readonly obstacle: NightObstacle | null;
}

/** The time that tills have between two chunks of a night. */
const pauseMs = 5;
/** How often another runner of a night is asked whether it is done. */
const heldMs = 200;

export function startClock(tools: WorkTools, place: WorkPlace, to: LocalDateTime): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'clock',
    title: `Перевод часов на ${formatForPeople(to)}`,
    run: (progress, signal) => run(tools, place, to, progress, signal),
  });
}

async function run(
  { nightTime, readWallMs, nameRunner }: WorkTools,
  { infobase, clock }: WorkPlace,
  to: LocalDateTime,
  progress: NoteProgress,
  signal: AbortSignal,
): Promise<ClockResult> {
  const from = dateOf(clock.now());
  const days = Math.max(0, daysBetween(from, dateOf(to)));
  progress(0, days);
  const end = await advanceClock(infobase, to, {
    nightTime,
    holder: nameRunner(),
    readMs: readWallMs,
    shouldStop: () => signal.aborted,
    pause: () => sleep(pauseMs),
    wait: () => sleep(heldMs),
    onNight: ({ businessOn }) => progress(daysBetween(from, businessOn), days),
  });
  if (end.ok) return { now: end.now, nights: end.nights.length, obstacle: end.obstacle };
  if (signal.aborted) throw new WorkEnded('stopped', 'Остановлено: часы стоят там, куда дошли');
  throw new WorkEnded('failed', end.why);
}
