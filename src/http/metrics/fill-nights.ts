// Nights: the last one and those that are due. Dates and lines are in the database; how long a night took and what it moved are
// known of the nights that this service has run, for adding up a night's documents takes a second for a million lines.
import type { Clock } from '../../clock.ts';
import type { JobCounts } from '../../job-counts.ts';
import { daysBetween, startOf, toSeconds } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { readNightRuns } from '../../operations/night/read-night-runs.ts';
import { findDueDate, findNextNight } from '../../operations/night/run-night.ts';
import type { Families } from './families.ts';

export interface NightSource {
  readonly bases: readonly { readonly infobase: Infobase; readonly clock: Clock }[];
  /** The time of the day at which the night begins. */
  readonly nightTime: string;
  readonly isNightAtWork: () => boolean;
  readonly jobs: JobCounts;
}

export async function fillNights(families: Families['nights'], source: NightSource): Promise<void> {
  families.isRunning.set(source.isNightAtWork() ? 1 : 0);
  for (const { infobase, clock } of source.bases) {
    const name = { infobase: infobase.name };
    // The two latest: the newest may be at work.
    const { lastNightOn, runs } = await readNightRuns(infobase, 2);
    const dueOn = findDueDate(clock.now(), source.nightTime);
    const next = await findNextNight(infobase, dueOn);
    families.due.set(name, next.code === 'due' ? daysBetween(next.businessOn, dueOn) + 1 : 0);
    if (lastNightOn !== null) families.lastDate.set(name, toSeconds(startOf(lastNightOn)));
    const done = runs.find(({ finishedAt }) => finishedAt !== null);
    if (done !== undefined) {
      families.lines.set({ ...name, document: 'write_off' }, done.writeOffLines);
      families.lines.set({ ...name, document: 'accrual' }, done.accrualLines);
    }
    const own = source.jobs.findNight(infobase.name);
    if (own === undefined) continue;
    families.seconds.set(name, own.seconds);
    families.bonus.set({ ...name, document: 'write_off' }, own.writtenOffKopecks);
    families.bonus.set({ ...name, document: 'accrual' }, own.creditedKopecks);
  }
}
